package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the protocol and the creator of a socket of another process. The protocol is an
 * attribute of its file (sockfs_xattr_get in net/socket.c). It takes the right to follow the links
 * of /proc/PID/fd. Used by one thread.
 *
 * <p>The process may exchange the descriptor at any time for a file of its own file system, which
 * may never answer (fuse(4)). So the file is opened once, which with O_PATH asks no file system,
 * and only a file that the kernel names a socket is asked.
 */
final class SocketProtocol {

  /** The kernel did not answer, so the socket may be of any protocol. */
  static final String UNKNOWN = "unknown";

  private static final int LONGEST = 64;

  private final ProcFs proc;
  private final NativeBuffer path = new NativeBuffer(LONGEST);
  private final NativeBuffer attribute = new NativeBuffer(LONGEST);
  private final NativeBuffer value = new NativeBuffer(LONGEST);

  /**
   * The facts about a socket that the kernel gives.
   *
   * @param protocol the kernel's name of the protocol, or {@link #UNKNOWN}
   * @param creator the user who created it, or {@link UserGroup#UNKNOWN}
   */
  record CreatedSocket(String protocol, long creator) {}

  SocketProtocol(ProcFs proc) {
    this.proc = proc;
    attribute.text("system.sockprotoname");
  }

  /**
   * Asks for a socket.
   *
   * @param inode the socket that the descriptor was of before
   * @return {@code null} if the descriptor is no longer of this socket
   */
  @Nullable CreatedSocket of(long inode, int pid, int descriptor) {
    int file =
        proc.isExecuting(pid) ? -1 : proc.open("proc/" + pid + "/fd/" + descriptor, Libc.O_PATH);
    if (file < 0) {
      boolean gone = Refusal.PROCESS.is(proc.error());
      return gone ? null : new CreatedSocket(UNKNOWN, UserGroup.UNKNOWN);
    }
    try {
      String own = "/proc/self/fd/" + file;
      // Only sockfs has such names (sockfs_dname), while a file of any file system may have the
      // type and the number of a socket.
      return proc.socketAt(Libc.AT_FDCWD, own) == inode ? read(file, own) : null;
    } finally {
      proc.close(file);
    }
  }

  private CreatedSocket read(int file, String own) {
    FileId id = proc.file(file);
    long creator = id == null ? UserGroup.UNKNOWN : id.uid();
    long length = Libc.getxattr(path.text(own), attribute.address(), value.address(), LONGEST);
    String protocol =
        length < 0
            ? UNKNOWN
            : new String(value.copy((int) Math.max(0, length - 1)), StandardCharsets.ISO_8859_1);
    return new CreatedSocket(protocol, creator);
  }
}
