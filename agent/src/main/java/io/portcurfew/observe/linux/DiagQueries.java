package io.portcurfew.observe.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel can be asked about the sockets of one network namespace. */
interface DiagQueries extends AutoCloseable {

  /**
   * Lists the listening sockets of a transport; once more where the kernel says that its table
   * changed meanwhile.
   *
   * @param rows takes them; what was in it is gone
   * @return whether the table changed under the second look too, so that rows may be missing
   * @throws KernelException where it refuses or fails
   */
  boolean dump(Transport transport, boolean ipv6, List<KernelSocket> rows) throws KernelException;

  /**
   * Looks one socket up by its place, beside every dump: what a dump misses under churn is found.
   *
   * @param exact whether it must be the very socket, by its cookie; otherwise any at the same place
   * @return the socket as it is now; nothing where none listens there
   * @throws KernelException where the kernel gives another answer
   */
  @Nullable KernelSocket find(KernelSocket socket, boolean exact) throws KernelException;

  /** The name of an interface; nothing where it has gone. */
  @Nullable String interfaceName(int index);

  /** The inode of the socket through which is asked. */
  @Nullable Long inode();

  @Override
  void close();
}
