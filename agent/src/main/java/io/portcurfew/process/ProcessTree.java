package io.portcurfew.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process and all that come of it.
 *
 * <p>A child whose parent ends becomes a child of process 1 and can no longer be found from here.
 * So descendants are noted while the tool runs, and on Linux those are found too that still have
 * its standard output or error, which is what a child inherits. A child that was never seen and has
 * neither is not found, nor is one of a tool that ended before it could be looked at.
 */
final class ProcessTree {

  private final Process process;
  private final Set<Path> pipes;
  private final Set<ProcessHandle> descendants = new LinkedHashSet<>();

  ProcessTree(Process process) {
    this.process = process;
    this.pipes = pipes(process.pid());
  }

  /**
   * The links that /proc shows for standard output and error; none where there is no such /proc.
   */
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

  /** Notes the descendants that there are now. */
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
   * Kills all of them, those included that they start meanwhile.
   *
   * @return whether none is left
   */
  boolean end(Duration atMost) {
    UninterruptibleWait.await(this::killAll, atMost);
    return isOver();
  }

  /** Whether nobody that is known of is left. */
  boolean isOver() {
    return !process.isAlive() && descendants.stream().noneMatch(ProcessTree::isRunning);
  }

  private boolean killAll() {
    look();
    lookForHolders();
    if (process.isAlive()) {
      // By its handle: Process.destroyForcibly also closes its standard input, and waits for
      // whoever
      // writes to it, which one of its children that does not read can keep for ever.
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

  /** A process that was killed and that nobody has asked for its status runs no more. */
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
