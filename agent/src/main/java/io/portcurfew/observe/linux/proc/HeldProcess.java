package io.portcurfew.observe.linux.proc;

import com.sun.jna.Native;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process that holds listening sockets, and what is known of it. */
final class HeldProcess implements AutoCloseable {

  private final ProcessFolder folder;
  private final ProcessOwnerReader reader;
  private final int pidfd;

  /** The sockets that it holds, and a descriptor of each. */
  private final Map<SocketHolders, Integer> descriptors = new HashMap<>();

  private byte @Nullable [] executable;
  private Owner owner;

  private HeldProcess(
      ProcessFolder folder,
      ProcessOwnerReader reader,
      int pidfd,
      Owner owner,
      byte @Nullable [] exe) {
    this.folder = folder;
    this.reader = reader;
    this.pidfd = pidfd;
    this.owner = owner;
    this.executable = exe;
  }

  /** Reads who it is; nothing where it has ended. Takes the folder over and closes it then. */
  static @Nullable HeldProcess of(ProcessFolder folder, ProcessOwnerReader reader) {
    byte[] exe = folder.link("exe");
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, folder.pid(), 0, 0, 0);
    // Read last: what the folder still tells, the number still meant when the pidfd was opened.
    Owner owner = reader.read(folder);
    if (owner == null) {
      closeAll(folder, pidfd);
      return null;
    }
    return new HeldProcess(folder, reader, pidfd, owner, exe);
  }

  int pid() {
    return folder.pid();
  }

  /** Becomes readable when the process has ended; -1 where the kernel has no such thing. */
  int pidfd() {
    return pidfd;
  }

  Owner owner() {
    return owner;
  }

  /** The process id of its parent; 0 where it is not known. */
  int parent() {
    List<Ancestor> ancestors = owner.details().ancestors();
    return ancestors.isEmpty() ? 0 : ancestors.get(0).pid();
  }

  /** Whether it is known to run another file than that process. */
  boolean runsAnotherThan(HeldProcess other) {
    return executable != null
        && other.executable != null
        && !Arrays.equals(executable, other.executable);
  }

  Map<SocketHolders, Integer> descriptors() {
    return descriptors;
  }

  long socketAt(int descriptor) {
    return folder.socketAt(descriptor);
  }

  /**
   * Proves that it still runs the same executable, and reads anew who it is where not.
   *
   * @return whether it still runs
   */
  boolean prove() {
    byte[] now = folder.link("exe");
    if (now == null && Refusal.PROCESS.is(Native.getLastError())) {
      // A kernel that hides the link hid it before too; one that does not know it knows no process.
      return executable == null && ProcessOwnerReader.startTicks(folder) != null;
    }
    if (!Arrays.equals(now, executable)) {
      executable = now;
      return readAgain();
    }
    return true;
  }

  /** Reads anew who it is; whether it still runs. */
  boolean readAgain() {
    Owner read = reader.read(folder);
    if (read != null && !read.equals(owner)) {
      owner = read;
      descriptors.keySet().forEach(SocketHolders::changed);
    }
    return read != null;
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
