package io.portcurfew.observe.linux;

import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.namespace.Namespaces;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.owner.SocketHolders;
import io.portcurfew.observe.linux.owner.SocketOwners;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Searches for the owners of the sockets of all network namespaces in one look. Sockets without an
 * owner are checked again, because the search takes some time: under load most of these have closed
 * since they were listed.
 */
final class OwnerLook {

  /** The maximum number of ownerless sockets to look up in one look; a lookup takes 10 µs. */
  private static final int MAX_LOOKUPS = 256;

  private final SocketOwners owners;
  private final Namespaces namespaces;
  private final FamilySockets families;

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final Predicate<HeldSocket> goneSince = this::hasGone;
  private final Predicate<KernelSocket> mayBeHeld = this::mayBeHeld;
  private int lookUps;

  OwnerLook(SocketOwners owners, Namespaces namespaces, FamilySockets families) {
    this.owners = owners;
    this.namespaces = namespaces;
    this.families = families;
  }

  /** Begins a look that finds these facts about every owner. */
  void begin(Set<OwnerFact> facts) {
    lookUps = 0;
    owners.ask(facts);
    owners.follows(namespaces.lookedSoon());
  }

  /**
   * Searches for the owners.
   *
   * @param changed true if a socket may have come or gone since the last search
   */
  void search(boolean changed) throws InterruptedException {
    for (HeldSocket socket : owners.refresh(changed ? sockets() : null, goneSince)) {
      if (hasGone(socket)) {
        owners.forget(socket);
      }
    }
  }

  /**
   * Forgets the holders of the sockets in some namespaces whose end has begun, and searches for
   * others. The kernel reports an end only when it is over.
   *
   * @return true if a holder was forgotten
   */
  boolean searchInsteadOfEnding(Collection<NetworkNamespace> some) throws InterruptedException {
    boolean dropped = false;
    for (NetworkNamespace namespace : some) {
      dropped |= owners.dropEnding(namespace.tables().sockets());
    }
    if (dropped) {
      search(false);
    }
    return dropped;
  }

  /** Returns a test that is false for a socket that no process holds. */
  Predicate<KernelSocket> mayBeHeld() {
    return mayBeHeld;
  }

  /** A socket whose holder has ended may have another one, which the search has not met yet. */
  private boolean mayBeHeld(KernelSocket socket) {
    return owners.isHeld(socket) || isSought(socket);
  }

  /** Returns true if the search for a holder of this socket has not ended. */
  boolean isSought(KernelSocket socket) {
    SocketHolders holders = owners.of(socket);
    return holders != null && holders.isSought();
  }

  /**
   * Returns the sockets of all namespaces, including those that cannot be read now, so that their
   * owners stay known.
   */
  private List<HeldSocket> sockets() {
    List<HeldSocket> all = new ArrayList<>();
    namespaces.all().forEach(namespace -> all.addAll(namespace.tables().sockets()));
    all.addAll(families.sockets());
    return all;
  }

  /** Returns true if the socket has closed since it was listed. */
  private boolean hasGone(HeldSocket socket) {
    return socket instanceof KernelSocket known
        && lookUps++ < MAX_LOOKUPS
        && namespaces.all().stream().anyMatch(namespace -> namespace.tables().hasGone(known));
  }
}
