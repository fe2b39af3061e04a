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

  /** In one of so many proofs its real user and its control group are compared too. */
  private static final int PROOFS_FOR_MEMBERSHIP = 8;

  private final ProcessFolder folder;
  private final ProcessOwnerReader reader;
  private final int pidfd;

  /** The sockets that it holds, and a descriptor of each. */
  private final Map<SocketHolders, Integer> descriptors = new HashMap<>();

  private OwnerReading reading;
  private int proofs;

  private HeldProcess(
      ProcessFolder folder, ProcessOwnerReader reader, int pidfd, OwnerReading reading) {
    this.folder = folder;
    this.reader = reader;
    this.pidfd = pidfd;
    this.reading = reading;
  }

  /** Reads its facts; {@code null} where it has ended, and then its folder is closed. */
  static @Nullable HeldProcess of(ProcessFolder folder, ProcessOwnerReader reader) {
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, folder.pid(), 0, 0, 0);
    // Read last: while the folder can be read, its number has not got to another process.
    OwnerReading reading = reader.read(folder);
    if (reading == null) {
      closeAll(folder, pidfd);
      return null;
    }
    return new HeldProcess(folder, reader, pidfd, reading);
  }

  int pid() {
    return folder.pid();
  }

  /** Becomes readable when the process has ended; -1 where the kernel has no such thing. */
  int pidfd() {
    return pidfd;
  }

  Owner owner() {
    return reading.owner();
  }

  /** The process id of its parent; 0 where it is not known. */
  int parent() {
    List<Ancestor> ancestors = owner().details().ancestors();
    return ancestors.isEmpty() ? 0 : ancestors.get(0).pid();
  }

  /** Whether both are known to run different files. */
  boolean runsAnotherThan(HeldProcess other) {
    return reading.identity().runsAnotherFileThan(other.reading.identity());
  }

  Map<SocketHolders, Integer> descriptors() {
    return descriptors;
  }

  long socketAt(int descriptor) {
    return folder.socketAt(descriptor);
  }

  /**
   * Proves that its facts still hold, and reads them again where they do not.
   *
   * @return whether it still runs
   */
  boolean prove() {
    ProcessIdentity now = ProcessIdentity.of(folder);
    if (now.ended()) {
      // A kernel that hides the file hid it before too; of a process that has ended it hides all.
      return reading.identity().ended() && ProcessOwnerReader.startTicks(folder) != null;
    }
    boolean same = now.equals(reading.identity()) && (!isTurnOfMembership() || isSameMember());
    return same || readAgain();
  }

  /** Their texts cost the kernel ten times as much, so they are compared in some proofs only. */
  private boolean isTurnOfMembership() {
    // The number of the process spreads the turns of many over the looks.
    proofs++;
    return (proofs + pid()) % PROOFS_FOR_MEMBERSHIP == 0;
  }

  private boolean isSameMember() {
    return OwnerReading.Membership.of(folder).equals(reading.membership());
  }

  /** Reads its facts again; whether it still runs. */
  boolean readAgain() {
    OwnerReading read = reader.read(folder);
    if (read == null) {
      return false;
    }
    boolean changed = !read.owner().equals(owner());
    reading = read;
    if (changed) {
      descriptors.keySet().forEach(SocketHolders::changed);
    }
    return true;
  }

  @Override
  public void close() {
    closeAll(folder, pidfd);
  }

  private static void closeAll(ProcessFolder folder, int pidfd) {
    folder.close();
    if (pidfd >= 0) {
      Libc.close(pidfd);
    }
  }
}
