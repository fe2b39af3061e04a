package io.portcurfew.observe.linux.namespace;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import org.jspecify.annotations.Nullable;

/** Asks the kernel about open namespaces (ioctl_nsfs(2)). Not thread-safe. */
final class NamespaceCalls {

  /** The ioctl(2) request for the type of a namespace (linux/nsfs.h). */
  private static final long NS_GET_NSTYPE = 0xb703;

  /** The ioctl(2) request for the owning user namespace (linux/nsfs.h). */
  private static final long NS_GET_USERNS = 0xb701;

  /** The ioctl(2) request for the owner of a user namespace (linux/nsfs.h). */
  private static final long NS_GET_OWNER_UID = 0xb704;

  /** The kernel writes a uid_t. */
  private final NativeBuffer uid = new NativeBuffer(4);

  /** Returns the type of an open namespace, or the negative error number if that fails. */
  static int type(int fd) {
    int type = Libc.ioctl(fd, NS_GET_NSTYPE, 0);
    return type < 0 ? -Native.getLastError() : type;
  }

  /**
   * Returns the user who created the user namespace that owns this open namespace, or {@code null}
   * if that fails.
   */
  @Nullable Long owner(int fd) {
    int users = Libc.ioctl(fd, NS_GET_USERNS, 0);
    if (users < 0) {
      return null;
    }
    int result = Libc.ioctl(users, NS_GET_OWNER_UID, uid.address());
    Libc.close(users);
    return result < 0 ? null : uid.bytes().getInt(0) & 0xFFFFFFFFL;
  }
}
