package io.portcurfew.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process and its descendants.
 *
 * <p>A child whose parent ends becomes a child of process 1 and can no longer be found from here.
 * So descendants are noted while the program runs. On Linux, processes that still have its standard
 * output or error are found too, since children inherit them. A child that was never seen and has
 * neither is not found, nor is a child of a program that ended before the first look.
 */
final class ProcessTree {

  private final Process process;
  private final Set<Path> pipes;
  private final Set<ProcessHandle> descendants = new LinkedHashSet<>();

  ProcessTree(Process process) {
    this.process = process;
    this.pipes = pipes(process.pid());
  }

  /** The pipes of standard output and error in /proc; empty if there is no such /proc. */
  private static Set<Path> pipes(long pid) {
    Set<Path> found = new LinkedHashSet<>();
    for (String descriptor : List.of("1", "2")) {
      try {
        Path link = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "fd", descriptor));
        if (link.toString().startsWith("pipe:")) {
          found.add(link);
        }
      } catch (IOException | UnsupportedOperationException gone) {
        // It has ended already, or this is no Linux.
      }
    }
    return found;
  }

  /** Notes the present descendants. */
  void look() {
    if (process.isAlive()) {
      process.descendants().forEach(descendants::add);
    }
    List.copyOf(descendants).stream()
        .filter(ProcessTree::isRunning)
        .flatMap(ProcessHandle::descendants)
        .forEach(descendants::add);
  }

  /**
   * Kills all of them, including those that they start meanwhile.
   *
   * @return true if none is left
   */
  boolean end(Duration atMost) {
    UninterruptibleWait.await(this::killAll, atMost);
    return isOver();
  }

  /** True if no known process is left. */
  boolean isOver() {
    return !process.isAlive() && descendants.stream().noneMatch(ProcessTree::isRunning);
  }

  private boolean killAll() {
    look();
    lookForHolders();
    if (process.isAlive()) {
      // By its handle: Process.destroyForcibly also closes its standard input and waits for the
      // thread that writes to it, which a child that does not read can block forever.
      process.toHandle().destroyForcibly();
    }
    descendants.stream().filter(ProcessTree::isRunning).forEach(ProcessHandle::destroyForcibly);
    return isOver();
  }

  private void lookForHolders() {
    if (!pipes.isEmpty()) {
      long own = ProcessHandle.current().pid();
      ProcessHandle.allProcesses()
          .filter(other -> other.pid() != own && other.pid() != process.pid())
          .filter(other -> pipes(other.pid()).stream().anyMatch(pipes::contains))
          .forEach(descendants::add);
    }
  }

  /** A zombie does not run any more. */
  private static boolean isRunning(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = ByteText.text(Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat")));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException noLinuxOrGone) {
      return false;
    }
  }
}
