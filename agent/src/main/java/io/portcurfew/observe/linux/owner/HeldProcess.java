package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process that holds listening sockets, and its facts as they were last read. */
final class HeldProcess implements AutoCloseable {

  /** The number of proofs between two comparisons of the users and the control group. */
  private static final int PROOFS_FOR_MEMBERSHIP = 8;

  private final ProcessFolder folder;
  private final ProcessOwnerReader reader;
  private final OwnerPaths paths;
  private final int pidfd;

  /** The sockets of this process, each with one of its descriptors. */
  private final Map<SocketHolders, Integer> descriptors = new HashMap<>();

  private OwnerReading reading;
  private int proofs;

  private HeldProcess(
      ProcessFolder folder,
      ProcessOwnerReader reader,
      OwnerPaths paths,
      int pidfd,
      OwnerReading reading) {
    this.folder = folder;
    this.reader = reader;
    this.paths = paths;
    this.pidfd = pidfd;
    this.reading = kept(reading);
  }

  /**
   * Reads the facts of a process. If the process has ended, this closes the folder and returns
   * {@code null}.
   */
  static @Nullable HeldProcess of(
      ProcessFolder folder, ProcessOwnerReader reader, OwnerPaths paths) {
    // The number of a process outside of our pid namespace may be that of another one inside.
    boolean ownNumbers = folder.proc().isOfOwnPidNamespace();
    int pidfd = ownNumbers ? (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, folder.pid(), 0, 0, 0) : -1;
    // Read the facts last: if the folder is still readable, no other process has this process id.
    OwnerReading reading = reader.read(folder);
    if (reading == null) {
      closeAll(folder, pidfd);
      return null;
    }
    return new HeldProcess(folder, reader, paths, pidfd, reading);
  }

  private OwnerReading kept(OwnerReading read) {
    return read.keeping(paths.keep(read.owner()));
  }

  int pid() {
    return folder.pid();
  }

  /**
   * Returns a descriptor that becomes readable when the process ends, or -1 if the kernel has no
   * pidfd.
   */
  int pidfd() {
    return pidfd;
  }

  Owner owner() {
    return reading.owner();
  }

  /** Returns the process id of the parent, or 0 if it is not known. */
  int parent() {
    List<Ancestor> ancestors = owner().details().ancestors();
    return ancestors.isEmpty() ? 0 : ancestors.get(0).pid();
  }

  /** Returns true if both files are known and differ. */
  boolean runsAnotherThan(HeldProcess other) {
    return reading.identity().runsAnotherFileThan(other.reading.identity());
  }

  Map<SocketHolders, Integer> descriptors() {
    return descriptors;
  }

  /** Returns true if a descriptor is of a Unix socket in whose queue descriptors wait. */
  boolean hasQueueAt(int descriptor) {
    return folder.hasQueueAt(descriptor);
  }

  boolean holds(int descriptor, long inode) {
    return folder.holds(descriptor, inode);
  }

  /**
   * Checks that the facts are still valid, and reads them again if they are not.
   *
   * @return true if the process still runs; false also while it executes another program
   */
  boolean prove() {
    if (folder.isExecuting()) {
      return false;
    }
    ProcessIdentity now = ProcessIdentity.of(folder);
    if (now.ended()) {
      // A kernel that hides the file did so before too. For an ended process it hides everything.
      return reading.identity().ended() && ProcessOwnerReader.startTicks(folder) != null;
    }
    boolean same = now.equals(reading.identity()) && (!isTurnOfMembership() || isSameMember());
    return (same && !reading.isLate()) || readAgain();
  }

  /**
   * Returns true if the process has left its program: its end has begun, or its first thread has
   * ended. The kernel reports an end only when it is over, and until then the process has closed
   * its descriptors and left its namespaces (do_exit in kernel/exit.c). A process that executes a
   * program has not left one.
   */
  boolean hasLeftProgram() {
    return !reading.identity().ended()
        && !folder.isExecuting()
        && ProcessIdentity.of(folder).ended();
  }

  /**
   * Returns true if this proof compares the users and the control group. Reading their texts is ten
   * times as expensive as the other checks, so only some proofs do it.
   */
  private boolean isTurnOfMembership() {
    // The process id spreads the comparisons of many processes over the looks.
    proofs++;
    return (proofs + pid()) % PROOFS_FOR_MEMBERSHIP == 0;
  }

  private boolean isSameMember() {
    return OwnerReading.Membership.of(folder).compact().equals(reading.membership());
  }

  /** Reads the facts again. Returns true if the process still runs. */
  boolean readAgain() {
    OwnerReading read = reader.read(folder);
    if (read == null) {
      return false;
    }
    Owner before = owner();
    paths.release(before);
    reading = kept(read);
    boolean changed = !owner().equals(before);
    if (changed) {
      descriptors.keySet().forEach(SocketHolders::changed);
    }
    return true;
  }

  @Override
  public void close() {
    paths.release(owner());
    closeAll(folder, pidfd);
  }

  private static void closeAll(ProcessFolder folder, int pidfd) {
    folder.close();
    if (pidfd >= 0) {
      Libc.close(pidfd);
    }
  }
}
