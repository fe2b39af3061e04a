package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the kernel can be asked about the sockets of one network namespace. */
interface DiagQueries extends AutoCloseable {

  /**
   * One answer.
   *
   * @param rows the very same list as the last time where the kernel answered the very same bytes
   * @param torn whether the table changed during the dump, so that rows may be missing
   * @param cutUsers the {@linkplain UserGroup groups} of users who have more sockets than are kept
   */
  record Dump(List<KernelSocket> rows, boolean torn, Set<Long> cutUsers) {
    static final Dump NOTHING = new Dump(List.of(), false, Set.of());
  }

  /**
   * Lists the listening sockets of a transport; once more where the kernel says that its table
   * changed meanwhile.
   *
   * @param most how many sockets to keep; the users share that bound
   * @throws KernelException where it refuses or fails; then nothing more is asked through this
   */
  Dump dump(Transport transport, boolean ipv6, int most) throws KernelException;

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
