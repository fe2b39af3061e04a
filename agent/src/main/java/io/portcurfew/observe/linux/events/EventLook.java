package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.Program;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.owner.EventOwners;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the endpoint of an event: whether its listener is still there, and who owns it. Used by
 * one thread.
 */
final class EventLook implements AutoCloseable {

  private final EventOwners owners;
  private final OwnNamespace own;
  private final UnlistedOpenings unlisted;
  private final Map<Asked, Owner> ofBatch = new HashMap<>();
  private @Nullable SockDiag diag;

  /** A process in one batch: a flood is of few of them. */
  private record Asked(ProcessGlimpse process, boolean hasClosed) {}

  /**
   * Looks at nothing yet.
   *
   * @param owners is closed with this
   * @param unlisted knows the sockets that are older than an opening
   */
  EventLook(EventOwners owners, OwnNamespace own, UnlistedOpenings unlisted) {
    this.owners = owners;
    this.own = own;
    this.unlisted = unlisted;
  }

  /** Begins a batch, in which each process is read once. */
  void beginBatch() {
    ofBatch.clear();
  }

  /**
   * Looks. The process of an event may have left the namespace in which it opened its socket, so a
   * listener that is still open counts as one of the host only if the host shows it.
   *
   * @param names the network namespaces by inode
   * @param now on the clock of the events
   * @param clock the time of day at that moment
   * @return {@code null} if the namespace of the listener is not known
   */
  @Nullable SeenOpening at(Opening opening, Map<Long, String> names, Duration now, Instant clock) {
    Opening.Key key = opening.key();
    boolean onlyEnded = opening.openAtMost() != null;
    boolean isOwn = onlyEnded && key.namespace() == null;
    String namespace = isOwn ? Endpoint.HOST : own.nameOf(key.namespace(), names);
    Address address = key.address();
    Duration closedAfter = onlyEnded ? opening.openAtMost() : opening.closedAfter();
    boolean exact = closedAfter != null && !onlyEnded;
    boolean isInDoubt = opening.mayBeOfHost() && !namespace.equals(Endpoint.HOST);
    KernelSocket socket = null;
    if (closedAfter == null && (isInDoubt || namespace.equals(Endpoint.HOST))) {
      try {
        socket = find(opening);
        if (socket == null && opening.closingIsReported()) {
          opening.isNotOfHost(Ticker.SYSTEM.elapsed());
          return null;
        }
        boolean gone = socket == null;
        closedAfter = gone ? now.minus(opening.last()) : null;
      } catch (KernelException cannotTell) {
        closeDiag();
        if (isInDoubt) {
          return null;
        }
      }
    }
    if (isInDoubt && socket != null) {
      namespace = Endpoint.HOST;
    }
    if (socket != null && socket.interfaceIndex() != 0 && diag != null) {
      address = address.in(diag.interfaceName(socket.interfaceIndex()));
    }
    Endpoint endpoint = new Endpoint(key.protocol(), address, key.port(), namespace);
    Listener listener = listener(endpoint, opening, socket, closedAfter != null);
    BriefOpening brief =
        closedAfter == null
            ? null
            : brief(opening, closedAfter, exact, opening.count(), now, clock);
    Set<Long> open =
        brief == null && opening.closingIsReported() ? opening.socketsOfLook() : Set.of();
    return new SeenOpening(new Sighting(listener, brief, opening.first(), open), socket);
  }

  /**
   * Takes the sockets of an opening that have closed and may have been those of the host.
   *
   * @return a listener of the host; {@code null} if there are none
   */
  @Nullable Sighting inDoubt(
      Opening opening, Map<Long, String> names, Duration now, Instant clock) {
    if (!opening.hasDoubt()) {
      return null;
    }
    Opening.Key key = opening.key();
    String ofProcess = own.nameOf(key.namespace(), names);
    if (ofProcess.equals(Endpoint.HOST)) {
      return null;
    }
    Endpoint endpoint = new Endpoint(key.protocol(), key.address(), key.port());
    Listener listener = listener(endpoint, opening, null, true);
    // Another thread goes on with the opening if the read of its process hangs.
    Opening.Doubt doubt = opening.takeDoubt();
    if (doubt == null) {
      return null;
    }
    BriefOpening brief = brief(opening, doubt.openFor(), true, doubt.count(), now, clock);
    return new Sighting(listener, brief, opening.first(), Set.of(), ofProcess);
  }

  private static BriefOpening brief(
      Opening opening,
      Duration closedAfter,
      boolean exact,
      long count,
      Duration now,
      Instant clock) {
    return new BriefOpening(
        opening.source(),
        closedAfter.isNegative() ? Duration.ZERO : closedAfter,
        exact,
        count,
        clock.minus(now.minus(opening.first())),
        clock.minus(now.minus(opening.last())));
  }

  private Listener listener(
      Endpoint endpoint, Opening opening, @Nullable KernelSocket socket, boolean hasClosed) {
    ProcessGlimpse process = opening.process();
    Owner owner =
        process.pid() == 0
            ? null
            : ofBatch.computeIfAbsent(
                new Asked(process, hasClosed), one -> owner(one.process, one.hasClosed));
    Boolean dualStack = socket == null ? null : socket.dualStack();
    if (owner == null) {
      return new Listener(endpoint, dualStack, List.of(), opening.source())
          .without(UnknownOwner.GONE);
    }
    Owner holder = socket == null ? owner : owner.createdBy(socket.uid());
    return new Listener(endpoint, dualStack, List.of(holder), opening.source());
  }

  /**
   * The process as it is now, if it still runs the program that opened a listener which has closed:
   * it may execute an allowed program afterwards. One that is open goes with the process.
   */
  private Owner owner(ProcessGlimpse process, boolean hasClosed) {
    Long start = process.startTicks();
    Program program = process.program();
    String path = process.path();
    Program mustRun = process.inHostMounts() ? program : null;
    Owner running = null;
    if (start != null && !hasClosed) {
      running = owners.running(process.pid(), start);
    } else if (start != null && path != null) {
      running =
          owners.running(
              process.pid(),
              start,
              path,
              mustRun == null ? 0 : mustRun.device(),
              mustRun == null ? 0 : mustRun.inode());
    }
    if (running != null) {
      return running;
    }
    return owners.ended(
        process.pid(),
        process.name(),
        process.path(),
        process.uid(),
        process.realUid(),
        program == null ? 0 : program.device(),
        program == null ? 0 : program.inode(),
        process.inHostMounts());
  }

  /**
   * Asks for the very endpoint; {@code null} if nothing is there, or only sockets that other
   * openings or older listeners have: the host may use the port of a listener elsewhere.
   */
  private @Nullable KernelSocket find(Opening opening) throws KernelException {
    Opening.Key key = opening.key();
    SockDiag open = diag;
    if (open == null) {
      open = SockDiag.open();
      diag = open;
    }
    KernelSocket wanted = wanted(key);
    KernelSocket found = open.find(wanted, false);
    if (found != null && mayBe(found, opening)) {
      return found;
    }
    // An exact request misses sockets that are bound to an interface, and IPv4 on IPv6 sockets.
    Transport transport = wanted.transport();
    List<KernelSocket> there = new ArrayList<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      if (transport == Transport.TCP) {
        open.dumpListening(transport, ipv6, key.port(), there::add);
      } else {
        // A server may have connected its socket since.
        open.dumpEveryState(transport, ipv6, key.port(), there::add);
      }
    }
    return there.stream()
        .filter(socket -> socket.address().equals(key.address()) && mayBe(socket, opening))
        .findFirst()
        .orElse(null);
  }

  private boolean mayBe(KernelSocket socket, Opening opening) {
    return !opening.closingIsReported() || unlisted.mayConfirm(socket, opening.first());
  }

  private static KernelSocket wanted(Opening.Key key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.address().bytes().orElseThrow());
    boolean ipv6 = key.address().isIpv6();
    Transport transport =
        switch (key.protocol()) {
          case TCP -> Transport.TCP;
          case UDP -> Transport.UDP;
        };
    return new KernelSocket(
        transport,
        ipv6,
        ipv6 ? bytes.getLong() : 0,
        ipv6 ? bytes.getLong() : bytes.getInt() & 0xFFFFFFFFL,
        key.port(),
        0,
        0,
        null,
        0,
        null,
        0);
  }

  private void closeDiag() {
    SockDiag open = diag;
    if (open != null) {
      open.close();
    }
    diag = null;
  }

  @Override
  public void close() {
    closeDiag();
    owners.close();
  }
}
