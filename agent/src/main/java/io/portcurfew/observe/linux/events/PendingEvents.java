package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.events.source.EventSource;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for a look: one thread adds them as it reads them, another one takes them,
 * and scans are compared with them. Safe for use by all of these.
 */
final class PendingEvents {

  /** The time for which an opening waits for its closing: most brief listeners close in it. */
  private static final Duration SETTLE = Duration.ofMillis(4);

  /** The time within which the end of a socket that is already gone may still arrive. */
  private static final Duration END_COMES = Duration.ofSeconds(1);

  private static final int MOST_CLOSED = 1024;
  private static final int MOST_ENDED = 16_384;

  private static final String WAITS =
      " for " + EventWork.LONGEST.toSeconds() + " s: it may wait for a process that hangs";

  private static final String NOT_FOLLOWED =
      "more listeners opened at once than are followed: one in a network namespace that is not known"
          + " may be missing";

  private final OwnNamespace own;
  private final UnlistedOpenings unlisted;
  private final Supplier<Map<Long, String>> names;
  private final OpeningQueue queue = new OpeningQueue();
  private final EventReconciler reconciler = new EventReconciler();
  private final Set<Endpoint> closed = new HashSet<>();
  private final Map<Long, Duration> ended = new HashMap<>();
  private final Map<String, SourceCounts> counts = new HashMap<>();
  private final Map<String, Long> lostBefore = new HashMap<>();
  private final Set<String> overloaded = new TreeSet<>();
  private final EventWork reading;
  private final EventWork judging;
  private List<String> sources = List.of();
  private boolean wantsScan;
  private boolean over;

  /**
   * Creates an empty queue.
   *
   * @param names the names of the network namespaces by inode
   * @param unlisted receives the openings that no look confirms
   */
  PendingEvents(OwnNamespace own, Supplier<Map<Long, String>> names, UnlistedOpenings unlisted) {
    this(own, names, unlisted, Ticker.SYSTEM);
  }

  PendingEvents(
      OwnNamespace own,
      Supplier<Map<Long, String>> names,
      UnlistedOpenings unlisted,
      Ticker ofThreads) {
    reading = new EventWork(ofThreads);
    judging = new EventWork(ofThreads);
    this.own = own;
    this.unlisted = unlisted;
    this.names = names;
  }

  /** Takes events from other sources from now on, after the last ones of the earlier sources. */
  synchronized void use(OpenSources sources) {
    lostBefore.clear();
    this.sources = sources.all().stream().map(EventSource::name).toList();
    for (Protocol protocol : Protocol.values()) {
      reconciler.announces(protocol, sources.announcer(protocol));
    }
    unlisted.watch(sources.announced());
  }

  /** Processes of events are read from now on, until events are added. */
  void beginReading() {
    reading.begin();
  }

  /**
   * Adds events.
   *
   * @param lost the number of events that each source lost since it was opened
   */
  synchronized void add(List<OpenSources.SeenChange> seen, Map<String, Long> lost) {
    reading.end();
    lost.forEach(
        (source, now) -> {
          Long before = lostBefore.put(source, now);
          lose(source, now - (before == null ? 0 : before));
        });
    seen.forEach(this::add);
    if (!hasNothing()) {
      notifyAll();
    }
  }

  private void add(OpenSources.SeenChange seen) {
    String source = seen.source().name();
    SocketChange change = seen.change();
    SourceCounts count = counts.computeIfAbsent(source, name -> new SourceCounts());
    if (mayBeElsewhere(seen)) {
      unlisted.changedElsewhere();
    }
    if (change.opened()) {
      count.opened(change.at());
      reconciler.announced(change);
      if (!change.isOfUnknownOrigin()) {
        ProcessGlimpse process = seen.process().in(own.of(change, seen.process().namespace()));
        boolean mayBeOfHost = own.mayHaveSocketOf(change, seen.process());
        lose(source, queue.add(source, change, process, mayBeOfHost));
      }
    } else {
      count.closed(change.at());
      end(seen.source(), change);
    }
  }

  /** True unless the change is known to be in the namespace of the host. */
  private boolean mayBeElsewhere(OpenSources.SeenChange seen) {
    if (seen.change().opened()) {
      Long inode = seen.process().namespace();
      return inode == null || !inode.equals(own.inode());
    }
    EventSource source = seen.source();
    return !source.announces().isEmpty() || source.namespace() != null;
  }

  private void end(EventSource source, SocketChange change) {
    unlisted.closed(change.socket());
    if (queue.close(change)) {
      return;
    }
    boolean onlyEnds = source.announces().isEmpty();
    if (!onlyEnds && ended.size() < MOST_ENDED) {
      ended.put(change.socket(), change.at());
    } else if (!onlyEnds) {
      lose(source.name(), 1);
    }
    Long inode = source.namespace();
    String place = inode == null ? Endpoint.HOST : own.nameOf(inode, names.get());
    Duration unseen = onlyEnds ? reconciler.unseenFor(change, place) : null;
    if (unseen != null) {
      lose(source.name(), queue.addClosed(source.name(), change, inode, unseen));
    } else if ((!onlyEnds || reconciler.isKnown(change, place)) && closed.size() < MOST_CLOSED) {
      closed.add(new Endpoint(change.protocol(), change.address(), change.port()));
    }
  }

  private void lose(String source, long events) {
    reconciler.lost(source, events);
    wantsScan |= events > 0;
    if (events > 0) {
      unlisted.lost(Ticker.SYSTEM.elapsed());
    }
  }

  /**
   * Waits for events and takes those that are due.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   */
  synchronized DueEvents take(Duration most) throws InterruptedException {
    judging.end();
    Duration end = Ticker.SYSTEM.elapsed().plus(most);
    while (hasNothing() && !over && Ticker.SYSTEM.elapsed().compareTo(end) < 0) {
      wait(Math.max(1, end.minus(Ticker.SYSTEM.elapsed()).toMillis()));
    }
    settle();
    List<Opening> due = queue.takeBefore(Ticker.SYSTEM.elapsed().minus(SETTLE));
    queue.forgetAbsentBefore(Ticker.SYSTEM.elapsed().minus(END_COMES));
    DueEvents taken = new DueEvents(due, Set.copyOf(closed), Map.copyOf(ended), wantsScan);
    closed.clear();
    ended.clear();
    wantsScan = false;
    judging.begin();
    return taken;
  }

  private boolean hasNothing() {
    return queue.isEmpty() && closed.isEmpty() && !wantsScan;
  }

  /** Closings come in meanwhile, since this leaves the lock. */
  private void settle() throws InterruptedException {
    Duration left = untilSettled();
    while (!over && left.compareTo(Duration.ZERO) > 0) {
      wait(left.toMillis() + 1);
      left = untilSettled();
    }
  }

  private Duration untilSettled() {
    Duration oldest = queue.oldest();
    return oldest == null ? Duration.ZERO : oldest.plus(SETTLE).minus(Ticker.SYSTEM.elapsed());
  }

  /**
   * The look at an opening is over. If it found nothing, the opening is due again once the end of
   * its socket comes.
   *
   * @param seen {@code null} if it found nothing
   */
  synchronized void looked(Opening opening, @Nullable SeenOpening seen) {
    if (seen == null || seen.socket() == null) {
      // A process of the host may have opened a socket of another namespace.
      unlisted.changedElsewhere();
    }
    if (opening.closingIsReported() && (seen == null || !seen.hasClosed())) {
      confirm(opening, seen == null ? null : seen.socket());
    }
    if (seen == null && opening.closingIsReported()) {
      queue.absent(opening);
    } else {
      queue.looked(opening);
    }
  }

  private void confirm(Opening opening, @Nullable KernelSocket shown) {
    UnlistedOpenings.Unconfirmed open = opening.unconfirmed(own.inode());
    boolean isFollowed = opening.notFollowed() == 0;
    for (long socket : opening.openSockets()) {
      isFollowed &= unlisted.add(socket, open, shown);
    }
    if (!isFollowed) {
      overloaded.add(opening.source());
      wantsScan = true;
    }
  }

  /**
   * Compares a scan with the events.
   *
   * @param began when it began, on the monotonic clock
   * @return the gaps of the event sources since the last scan
   */
  synchronized List<Gap> reconcile(List<Listener> listeners, Duration began) {
    List<Gap> gaps = new ArrayList<>(reconciler.scanned(listeners, began));
    overloaded.forEach(source -> gaps.add(new Gap(source, Gap.What.EVENTS, NOT_FOLLOWED)));
    overloaded.clear();
    wantsScan |= !gaps.isEmpty();
    if (reading.isStuck()) {
      addWaiting("the thread that reads events has not come back", gaps);
    }
    if (judging.isStuck()) {
      addWaiting("the thread that judges events has not come back", gaps);
    }
    return gaps;
  }

  private void addWaiting(String thread, List<Gap> gaps) {
    sources.forEach(source -> gaps.add(new Gap(source, Gap.What.EVENTS, thread + WAITS)));
  }

  /** The UDP sockets that are known to be those of clients, as of the last comparison. */
  synchronized Set<Endpoint> clients() {
    return reconciler.clients();
  }

  /** The state of a source. */
  synchronized EventSourceReport report(String source, boolean up, String why) {
    return counts
        .getOrDefault(source, new SourceCounts())
        .report(source, up, why, reconciler.lostOf(source));
  }

  /** Ends every wait for events. */
  synchronized void end() {
    over = true;
    unlisted.watch(Set.of());
    notifyAll();
  }
}
