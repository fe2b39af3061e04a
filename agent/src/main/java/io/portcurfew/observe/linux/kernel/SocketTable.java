package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Reads the listening sockets of one network namespace repeatedly. */
public interface SocketTable extends AutoCloseable {

  /**
   * The result of one look.
   *
   * @param sockets the listening sockets
   * @param gaps the parts that could not be seen
   * @param changed true if the sockets differ from those of the previous look
   */
  record Contents(Collection<KernelSocket> sockets, List<Gap> gaps, boolean changed) {}

  /**
   * Looks once.
   *
   * @param most how many sockets of each transport and family to keep; the users share that bound
   * @throws KernelException if this table does not work here or no longer works
   */
  Contents look(int most) throws KernelException;

  /**
   * Looks once more, soon after the last look: most of these looks leave out a part that was empty
   * and has no socket by the kernel's own count.
   *
   * @throws KernelException if this table does not work here or no longer works
   */
  default Contents lookAgain(int most) throws KernelException {
    return look(most);
  }

  /**
   * Looks once more where events report each opening of some protocols, and may have reported none
   * in this namespace since the last look: most of these looks leave out those whose number of
   * sockets is the same by the kernel's own count.
   *
   * @param quiet these protocols
   * @throws KernelException if this table does not work here or no longer works
   */
  default Contents lookQuietly(int most, Set<Protocol> quiet) throws KernelException {
    return look(most);
  }

  /**
   * Returns true if it was empty in the last look and the kernel counts another number of sockets
   * of any kind than then, so that a look may find one.
   */
  default boolean mayHaveWoken() {
    return false;
  }

  /**
   * Returns true if in the last look the kernel counted exactly this number of sockets of any
   * family in the namespace, this table's own one included; false if that is not known, and at
   * least each sixth time.
   *
   * @param own the sockets that the agent has there
   */
  default boolean hasOnly(int own) {
    return false;
  }

  /**
   * Returns true if this socket of the last look has closed since, and removes it from the sockets
   * of that look; false if the table has no lookup of one socket: the next look shows it.
   */
  default boolean hasGone(KernelSocket socket) {
    return false;
  }

  /**
   * Returns the name of an interface of the namespace, {@link #unnamed} if it no longer exists or
   * the table has no names.
   */
  default String interfaceName(int index) {
    return unnamed(index);
  }

  /** Returns the name for an interface that no longer exists, which is that of iproute2. */
  static String unnamed(int index) {
    return "if" + index;
  }

  /**
   * Returns the names of the interfaces of the namespace by their IPv4 addresses as they are now;
   * {@code null} if that cannot be seen.
   */
  default @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    return null;
  }

  /** Returns the access to sockets of other families; {@code null} if there is none. */
  default @Nullable FamilyQueries families() {
    return null;
  }

  /**
   * Returns the inode of /proc/PID/net/sockstat for a process in the namespace, which this table
   * keeps alive; 0 if it does not, or the inode is not known.
   */
  default long sockstat() {
    return 0;
  }

  /**
   * Returns the text of a file of /proc/net that this table keeps open; {@code null} if it does
   * not, or it is to be read in another way.
   */
  default byte @Nullable [] text(String name) {
    return null;
  }

  /**
   * Returns the inode of the agent's own netlink socket in that namespace. A process whose {@code
   * /proc/PID/net/netlink} lists it is in the same namespace; this check needs no rights over the
   * process. {@code null} if the agent has none there.
   */
  default @Nullable Long mark() {
    return null;
  }

  @Override
  void close();
}
