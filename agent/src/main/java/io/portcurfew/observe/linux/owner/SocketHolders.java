package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The processes that hold one socket. */
public final class SocketHolders {

  private final HeldSocket socket;
  private final AtomicLong version;
  private final List<HeldProcess> processes = new ArrayList<>(1);
  private @Nullable List<Owner> owners;
  private List<Owner> receivers = List.of();
  private boolean inFlight;
  private boolean searched;
  private boolean gone;
  private int seenInLook;

  SocketHolders(HeldSocket socket, AtomicLong version) {
    this.socket = socket;
    this.version = version;
  }

  HeldSocket socket() {
    return socket;
  }

  List<HeldProcess> processes() {
    return processes;
  }

  /**
   * Returns the owners; of a socket in flight the processes that may receive it. The result is the
   * same list until the owners change.
   */
  public List<Owner> owners() {
    if (processes.isEmpty()) {
      return receivers;
    }
    List<Owner> known = owners;
    if (known == null) {
      known = processes.stream().map(this::owner).sorted().toList();
      owners = known;
    }
    return known;
  }

  private Owner owner(HeldProcess process) {
    long creator = socket.uid();
    return creator == HeldSocket.NO_UID ? process.owner() : process.owner().createdBy(creator);
  }

  /** Discards the cached list of owners. */
  void changed() {
    owners = null;
    version.incrementAndGet();
  }

  void add(HeldProcess process) {
    processes.add(process);
    changed();
  }

  void remove(HeldProcess process) {
    processes.remove(process);
    searched = false;
    receivers = List.of();
    inFlight = false;
    changed();
  }

  /**
   * Records the processes that may receive the socket, which no process holds.
   *
   * @param owners empty if there are too many to name them
   * @param any true if there is one
   */
  void setReceivers(List<Owner> owners, boolean any) {
    if (any != inFlight || !owners.equals(receivers)) {
      receivers = owners;
      inFlight = any;
      changed();
    }
  }

  /** Returns true if no process holds the socket, and one may receive it over a Unix socket. */
  public boolean isInFlight() {
    return inFlight && processes.isEmpty();
  }

  /** Returns true if every process was searched and none holds the socket. */
  boolean isOrphan() {
    return searched && processes.isEmpty();
  }

  /** Returns true if no holder is known and the search has not ended. */
  public boolean isSought() {
    return !gone && !searched && processes.isEmpty();
  }

  /** Records that the socket no longer listens. */
  void setGone() {
    gone = true;
  }

  void setSearched() {
    searched = true;
    version.incrementAndGet();
  }

  int seenInLook() {
    return seenInLook;
  }

  void setSeenInLook(int look) {
    seenInLook = look;
  }
}
