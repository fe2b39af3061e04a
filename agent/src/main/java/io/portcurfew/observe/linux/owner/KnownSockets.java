package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.HeldSocket;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The listening sockets of all namespaces by inode, which is unique on the host. */
final class KnownSockets {

  private final AtomicLong version;
  private final HeldProcesses held;
  private final Map<Long, SocketHolders> byInode = new HashMap<>();
  private int look;
  private long orphansAt = -1;
  private List<SocketHolders> orphans = List.of();

  KnownSockets(AtomicLong version, HeldProcesses held) {
    this.version = version;
    this.held = held;
  }

  /** Returns the holders of the socket with this inode, or {@code null} if it is not known. */
  @Nullable SocketHolders of(long inode) {
    return byInode.get(inode);
  }

  /** Returns true if these are the holders of a socket that still listens. */
  boolean contains(SocketHolders holders) {
    return byInode.get(holders.socket().inode()) == holders;
  }

  /** Adds and removes sockets so that exactly these are known. */
  void update(Collection<? extends HeldSocket> listening) {
    look++;
    listening.forEach(this::add);
    Iterator<SocketHolders> all = byInode.values().iterator();
    while (all.hasNext()) {
      SocketHolders holders = all.next();
      if (holders.seenInLook() != look) {
        all.remove();
        release(holders);
      }
    }
  }

  private void add(HeldSocket socket) {
    if (socket.inode() == 0) {
      return;
    }
    SocketHolders holders = byInode.get(socket.inode());
    // The kernel may reuse the inode for a socket of another process, so compare the cookies too.
    if (holders == null || !Objects.equals(holders.socket().cookie(), socket.cookie())) {
      if (holders != null) {
        release(holders);
      }
      holders = new SocketHolders(socket, version);
      byInode.put(socket.inode(), holders);
      version.incrementAndGet();
    }
    holders.setSeenInLook(look);
  }

  /** Removes a socket that no longer exists. */
  void forget(HeldSocket gone) {
    SocketHolders holders = byInode.remove(gone.inode());
    if (holders != null) {
      release(holders);
    }
  }

  /** Removes a socket that is gone; returns true if it is. */
  boolean forgetIfGone(SocketHolders holders, Predicate<HeldSocket> hasGone) {
    boolean gone = hasGone.test(holders.socket());
    if (gone) {
      forget(holders.socket());
    }
    return gone;
  }

  private void release(SocketHolders holders) {
    holders.setGone();
    held.forget(holders);
  }

  /**
   * Removes the holders of these sockets whose end has begun, up to the first one that lives.
   *
   * @return true if one was removed
   */
  boolean dropEnding(Collection<? extends HeldSocket> sockets) {
    boolean dropped = false;
    for (HeldSocket socket : sockets) {
      SocketHolders holders = byInode.get(socket.inode());
      if (holders != null) {
        dropped |= held.dropEnding(holders) > 0;
        if (!holders.processes().isEmpty()) {
          return dropped;
        }
      }
    }
    return dropped;
  }

  /** Returns the sockets without a known owner whose search has not ended. */
  List<SocketHolders> sought() {
    return byInode.values().stream().filter(SocketHolders::isSought).toList();
  }

  /**
   * Returns the sockets that no process holds, without the programs and devices that the kernel
   * keeps without any descriptor, which have negative numbers.
   */
  List<SocketHolders> orphans() {
    if (orphansAt != version.get()) {
      orphans =
          byInode.values().stream()
              .filter(one -> one.isOrphan() && one.socket().inode() > 0)
              .toList();
      orphansAt = version.get();
    }
    return orphans;
  }
}
