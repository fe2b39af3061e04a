package io.portcurfew.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills processes of a test and waits for their end, since they hold ports, control groups and
 * files until then. Only files are read that never hang: {@link ProcessHandle} reads the status
 * line of every process of the machine, and that of one in execve(2) may not be answered.
 */
public final class ProcessEnd {

  private ProcessEnd() {}

  /** Kills a process and all that it started. They have ended when this returns. */
  public static void kill(Process process) {
    List<Long> all = new ArrayList<>();
    addDescendants(process.pid(), all);
    process.destroyForcibly();
    if (!all.isEmpty()) {
      killAll(all);
    }
    process.onExit().join();
    all.forEach(ProcessEnd::await);
  }

  private static void killAll(List<Long> pids) {
    List<String> command = new ArrayList<>(List.of("kill", "-KILL"));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addDescendants(long pid, List<Long> all) {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder(pid).resolve("task"))) {
      for (Path task : tasks) {
        for (String child : text(task.resolve("children")).split(" ", -1)) {
          if (!child.isEmpty()) {
            all.add(Long.valueOf(child));
            addDescendants(Long.parseLong(child), all);
          }
        }
      }
    } catch (IOException gone) {
      // It has ended, or has lost a thread: what it started has another parent by now.
    }
  }

  /**
   * Waits until a process that was killed has given back everything but its number, which it keeps
   * until its parent asks for its status.
   *
   * @throws AssertionError if it still runs after {@link Daemon#PATIENCE}
   */
  public static void await(long pid) {
    long end = System.nanoTime() + Daemon.PATIENCE.toNanos();
    while (runs(pid)) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("process " + pid + " was killed and has not ended");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** False for a process that has ended, also for one that its parent has not asked about. */
  private static boolean runs(long pid) {
    try {
      return !text(folder(pid).resolve("status")).matches("(?s).*\nState:\t[ZX] .*");
    } catch (IOException gone) {
      return false;
    }
  }

  private static Path folder(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
