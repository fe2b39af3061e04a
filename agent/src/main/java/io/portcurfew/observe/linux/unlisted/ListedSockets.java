package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The listening TCP sockets that the scans list, and the openings that they confirm. A socket
 * confirms one opening, and none that came after a scan had listed it: the kernel reports each
 * socket once. So two listeners at one address are both listed, or one of them is missing. Not
 * thread-safe.
 */
final class ListedSockets {

  /**
   * The confirmed openings of one user that are remembered. A socket may confirm several beyond it,
   * where the table of the host has a gap for this user as well.
   */
  static final int MOST_OF_USER = 16_384;

  private static final int MOST = 2 * MOST_OF_USER;

  private final PlacesByUser<ConfirmedOpening> confirmed =
      new PlacesByUser<>(MOST, MOST_OF_USER, one -> one.user);

  private final Set<Long> taken = new HashSet<>();

  /** The time at which a scan first listed each socket. */
  private Map<Long, Duration> since = new HashMap<>();

  private static final class ConfirmedOpening {
    private final long socket;
    private final long inode;
    private final long user;
    private @Nullable Duration until;

    ConfirmedOpening(long socket, long inode, long user) {
      this.socket = socket;
      this.inode = inode;
      this.user = user;
    }
  }

  /**
   * Takes the sockets of a scan in the place of those before.
   *
   * @param now a moment after they were listed
   */
  void list(Collection<? extends Collection<KernelSocket>> tables, Duration now) {
    List.copyOf(confirmed.values()).stream()
        .filter(one -> one.until != null && now.compareTo(one.until) > 0)
        .forEach(one -> closed(one.socket));
    Map<Long, Duration> next = new HashMap<>();
    for (Collection<KernelSocket> table : tables) {
      for (KernelSocket socket : table) {
        if (socket.transport() == Transport.TCP) {
          next.put(socket.inode(), since.getOrDefault(socket.inode(), now));
        }
      }
    }
    since = next;
  }

  /**
   * Returns true if this may be the socket of an opening: it confirms no other one, and no scan
   * listed it before.
   *
   * @param inode 0 if no process can hold it, so that it has no number
   */
  boolean mayConfirm(long inode, Duration opened) {
    Duration first = since.get(inode);
    boolean isNew = first == null || first.compareTo(opened) >= 0;
    return inode == 0 || (isNew && !taken.contains(inode));
  }

  /**
   * Confirms an opening by a socket.
   *
   * @param socket the number by which the events know the socket
   * @return false if this is another socket
   */
  boolean confirm(long socket, long inode, UnlistedOpenings.Unconfirmed opening) {
    closed(socket);
    if (!mayConfirm(inode, opening.at())) {
      return false;
    }
    if (inode != 0 && confirmed.add(socket, new ConfirmedOpening(socket, inode, opening.user()))) {
      taken.add(inode);
    }
    return true;
  }

  /** Forgets a socket of the events that listens no more; a program may let it listen again. */
  void closed(long socket) {
    ConfirmedOpening one = confirmed.remove(socket);
    if (one != null) {
      taken.remove(one.inode);
      since.remove(one.inode);
    }
  }

  /** Forgets all of now after this moment, unless that is known: some ends are lost. */
  void forgetAfter(Duration moment) {
    confirmed.values().stream().filter(one -> one.until == null).forEach(one -> one.until = moment);
  }
}
