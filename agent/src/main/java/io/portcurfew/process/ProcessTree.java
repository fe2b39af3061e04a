package io.portcurfew.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process and its descendants.
 *
 * <p>A child whose parent ends becomes a child of process 1 and can no longer be found from here.
 * So descendants are noted while the program runs. On Linux, processes of our own user that still
 * have its standard output or error are found too, since children inherit them; the descriptors of
 * other users are not read, since that can wait for them. A child that was never seen and has
 * neither is not found, nor is a child of a program that ended before the first look.
 */
final class ProcessTree {

  private final Process process;
  private final Set<Path> pipes;
  private final ProcessTable.@Nullable ProcessRow own = ProcessTable.own();

  /** Those that have ended are removed: another process may get the same id. */
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
    noteDescendants(ProcessTable.rows());
  }

  private void noteDescendants(List<ProcessTable.ProcessRow> rows) {
    descendants.removeIf(one -> !isRunning(one));
    Set<Long> parents = new HashSet<>();
    descendants.forEach(one -> parents.add(one.pid()));
    if (process.isAlive()) {
      parents.add(process.pid());
    }
    boolean more = !parents.isEmpty();
    while (more) {
      more = false;
      for (ProcessTable.ProcessRow row : rows) {
        if (parents.contains(row.parent()) && parents.add(row.pid())) {
          note(row);
          more = true;
        }
      }
    }
  }

  /** Notes a process, unless it has ended meanwhile and another one has its id. */
  private void note(ProcessTable.ProcessRow row) {
    ProcessHandle.of(row.pid())
        .filter(handle -> row.equals(ProcessTable.row(row.pid())))
        .ifPresent(descendants::add);
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
    List<ProcessTable.ProcessRow> rows = ProcessTable.rows();
    noteDescendants(rows);
    noteHolders(rows);
    if (process.isAlive()) {
      // By its handle: Process.destroyForcibly also closes its standard input and waits for the
      // thread that writes to it, which a child that does not read can block forever.
      process.toHandle().destroyForcibly();
    }
    descendants.stream().filter(ProcessTree::isRunning).forEach(ProcessHandle::destroyForcibly);
    return isOver();
  }

  private void noteHolders(List<ProcessTable.ProcessRow> rows) {
    if (own != null && !pipes.isEmpty()) {
      rows.stream()
          .filter(row -> row.users().equals(own.users()) && !row.zombie())
          .filter(row -> row.pid() != own.pid() && row.pid() != process.pid())
          .filter(row -> pipes(row.pid()).stream().anyMatch(pipes::contains))
          .forEach(this::note);
    }
  }

  /** A zombie does not run any more. */
  private static boolean isRunning(ProcessHandle handle) {
    ProcessTable.ProcessRow row = ProcessTable.row(handle.pid());
    return row != null && !row.zombie() && handle.isAlive();
  }
}
