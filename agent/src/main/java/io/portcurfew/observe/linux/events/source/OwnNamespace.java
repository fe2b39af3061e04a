package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network namespace of the agent.
 *
 * @param inode {@code null} if unknown
 * @param cookie the number that the kernel gives in events; 0 if unknown (before Linux 5.14)
 */
public record OwnNamespace(@Nullable Long inode, long cookie) {

  /** Names a namespace that is not known, or that may be our own. */
  public static final String UNKNOWN = "unknown";

  private static final int AF_UNIX = 1;

  /** linux/net.h, SOCK_DGRAM | SOCK_CLOEXEC. */
  private static final int SOCK_DGRAM = 2 | Libc.O_CLOEXEC;

  private static final int SOL_SOCKET = 1;

  /** asm-generic/socket.h. */
  private static final int SO_NETNS_COOKIE = 71;

  /** Reads it: of its link, or of the file behind it where links may not be read. */
  public static OwnNamespace read(ProcFs proc) {
    int socket = Libc.socket(AF_UNIX, SOCK_DGRAM, 0);
    long cookie = cookieOf(socket);
    Libc.close(socket);
    return new OwnNamespace(proc.ownNetwork(), cookie);
  }

  /** The cookie of the namespace of a socket; 0 if the kernel does not give it. */
  static long cookieOf(int socket) {
    NativeBuffer value = new NativeBuffer(16);
    value.clear(16);
    value.bytes().putInt(8, 8);
    int result =
        Libc.getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, value.address(), value.address() + 8);
    return result < 0 ? 0 : value.bytes().getLong(0);
  }

  /**
   * The namespace of a change: that of its process, unless the cookie of its socket says another
   * one.
   *
   * @param ofProcess the inode of the namespace in which its process is; {@code null} if unknown
   * @return {@code null} if unknown
   */
  public @Nullable Long of(SocketChange change, @Nullable Long ofProcess) {
    if (change.cookie() == 0 || cookie == 0) {
      return ofProcess;
    }
    if (change.cookie() == cookie) {
      return inode;
    }
    // The process has left the namespace of its socket.
    return inode == null || inode.equals(ofProcess) ? null : ofProcess;
  }

  /**
   * True if the TCP socket of an opening may be one of our own namespace although its process is
   * not known to be in it. A user may enter another one in a user namespace of his own and take his
   * sockets along (unshare(2)); only root moves processes of the host's user namespace.
   */
  public boolean mayHaveSocketOf(SocketChange change, ProcessGlimpse process) {
    if (!change.endFollows() || (change.cookie() != 0 && cookie != 0)) {
      return false;
    }
    Long namespace = process.namespace();
    boolean isElsewhere = namespace != null && inode != null && !namespace.equals(inode);
    return namespace == null || (isElsewhere && !process.inHostUsers());
  }

  /**
   * Returns the name of a network namespace. While the number of our own is not known, one without
   * a name may be our own.
   *
   * @param namespace its inode; {@code null} if unknown
   * @param names the names of the known namespaces by inode
   */
  public String nameOf(@Nullable Long namespace, Map<Long, String> names) {
    String known = namespace == null ? null : names.get(namespace);
    if (known != null) {
      return known;
    }
    return namespace == null || inode == null ? UNKNOWN : "net:[" + namespace + "]";
  }
}
