package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Gap;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What listens in one network namespace, looked at again and again. */
public interface SocketTable extends AutoCloseable {

  /**
   * One look.
   *
   * @param sockets those that listen
   * @param gaps what could not be seen
   * @param changed whether the sockets differ from those of the look before
   */
  record Look(Collection<KernelSocket> sockets, List<Gap> gaps, boolean changed) {}

  /**
   * Looks once.
   *
   * @throws KernelException where this way of looking is of no use here, or no more
   */
  Look look() throws KernelException;

  /**
   * Whether this socket, which the last look showed, has gone since. What is gone is not among the
   * sockets of that look any more.
   */
  public boolean hasGone(KernelSocket socket);

  /** The name of an interface of the namespace, or its number where it has none. */
  String interfaceName(int index);

  /**
   * The inode of a netlink socket of ours in that namespace: by it {@code /proc/PID/net/netlink}
   * tells who else is in it, without any right over the process.
   */
  @Nullable Long mark();

  @Override
  void close();
}
