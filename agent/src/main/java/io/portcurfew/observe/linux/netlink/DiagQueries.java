package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Queries the kernel for the sockets of one network namespace. */
interface DiagQueries extends FamilyQueries, AutoCloseable {

  /**
   * The answer to one query.
   *
   * @param rows the sockets; the same list object as before if the kernel returned the same bytes
   * @param torn true if the table changed during the dump, so that rows may be missing
   * @param cutUsers the {@linkplain UserGroup groups} of users who have more sockets than are kept
   */
  record Dump(List<KernelSocket> rows, boolean torn, Set<Long> cutUsers) {
    static final Dump NOTHING = new Dump(List.of(), false, Set.of());
  }

  /** The answers about both address families. */
  record FamilyDumps(Dump ipv4, Dump ipv6) {
    static final FamilyDumps NOTHING = new FamilyDumps(Dump.NOTHING, Dump.NOTHING);

    Dump of(boolean overIpv6) {
      return overIpv6 ? ipv6 : ipv4;
    }

    boolean torn() {
      return ipv4.torn() || ipv6.torn();
    }
  }

  /**
   * Lists the listening sockets of a transport. It tries once more if the kernel reports that its
   * table changed during the dump.
   *
   * @param most the maximum number of sockets to keep, which the users share
   * @throws KernelException if the kernel refuses or fails; do not use this object afterwards
   */
  Dump dump(Transport transport, boolean ipv6, int most) throws KernelException;

  /**
   * Lists the listening sockets of TCP over both address families.
   *
   * @param most the maximum number of sockets to keep of each family
   * @throws KernelException if the kernel refuses or fails; do not use this object afterwards
   */
  default FamilyDumps dumpTcp(int most) throws KernelException {
    return new FamilyDumps(dump(Transport.TCP, false, most), dump(Transport.TCP, true, most));
  }

  /**
   * Looks up one socket by its address and port. This finds sockets that a dump missed because
   * others opened or closed.
   *
   * @param exact true to require the same cookie; false to accept any socket at the same address
   * @return the current socket; {@code null} if none listens there
   * @throws KernelException if the kernel gives another answer
   */
  @Nullable KernelSocket find(KernelSocket socket, boolean exact) throws KernelException;

  /**
   * Returns the names of the interfaces by their IPv4 addresses; {@code null} if the kernel does
   * not answer, or not completely.
   */
  default @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    return null;
  }

  @Override
  default FamilyRows list(SocketPlace.Family family, int most) throws KernelException {
    throw new KernelException("asking for " + family, Errno.EOPNOTSUPP);
  }

  /** Returns the inode of the netlink socket. */
  @Nullable Long inode();

  @Override
  void close();
}
