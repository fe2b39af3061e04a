package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of the Linux kernel about listeners. One thread {@linkplain #read reads} them and
 * waits for nothing else; another one {@linkplain #await takes} what they showed.
 */
public final class LinuxEvents implements AutoCloseable {

  /** So long an opening waits for its closing: most of what is brief is over by then. */
  private static final Duration SETTLE = Duration.ofMillis(4);

  /** So long the end of a socket that is not there any more may still come. */
  private static final Duration END_COMES = Duration.ofSeconds(1);

  /** So long a flood gathers between two readings; an opening waits longer for its closing. */
  private static final Duration GATHER = Duration.ofMillis(2);

  /** How often the CPUs are compared with those that are online. */
  private static final Duration ADAPT = Duration.ofSeconds(10);

  private static final int MOST_CLOSED = 1024;

  /** Of each source: openings, closings, and the moment of the latest on the monotonic clock. */
  private static final int COUNTS = 3;

  private static final int LAST = 2;

  private final Path root;
  private final Opener opener;
  private final NamespaceEnds ends;
  private final UnlistedOpenings unlisted;
  private final ProcFs proc;
  private final OwnNamespace own;
  private final Supplier<Map<Long, String>> names;
  private final Clock clock;
  private final EventPoller poller;
  private final EventLook look;
  private final Object turn = new Object();
  private final OpeningQueue queue = new OpeningQueue();
  private final EventReconciler reconciler = new EventReconciler();
  private final Set<Endpoint> closed = new HashSet<>();
  private final Map<String, long[]> counts = new LinkedHashMap<>();
  private final Map<String, Long> lostBefore = new HashMap<>();
  private OpenSources sources = OpenSources.NONE;
  private @Nullable EventSettings wanted;
  private boolean wantsScan;
  private volatile boolean namespaces = true;
  private volatile boolean ended;

  private LinuxEvents(
      Path root,
      Opener opener,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      Clock clock,
      EventPoller poller) {
    this.opener = opener;
    this.ends = ends;
    this.unlisted = unlisted;
    this.root = root;
    this.proc = new ProcFs(root);
    this.own = OwnNamespace.read(proc);
    this.names = names;
    this.clock = clock;
    this.poller = poller;
    this.look = new EventLook(root);
  }

  /**
   * Opens the sources.
   *
   * @param names the names of the network namespaces by inode, as the scans know them
   * @param ends the sockets that scans open in other namespaces
   * @param unlisted receives the openings that no look confirms
   * @throws KernelException if the kernel refuses what every source needs
   */
  public static LinuxEvents open(
      EventSettings settings,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      Clock clock)
      throws KernelException {
    return open(settings, OpenSources::of, names, ends, unlisted, clock);
  }

  /**
   * Reads sources that another one opens.
   *
   * @throws KernelException if the kernel refuses what every source needs
   */
  static LinuxEvents open(
      EventSettings settings,
      Opener opener,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      Clock clock)
      throws KernelException {
    LinuxEvents events =
        new LinuxEvents(Path.of("/"), opener, names, ends, unlisted, clock, EventPoller.open());
    events.change(settings);
    return events;
  }

  /** Opens the sources of settings. */
  interface Opener {
    /** Opens them, after those that are used until now. */
    OpenSources open(EventSettings settings, OpenSources before);
  }

  /** Tries each source for a moment and reports whether it can be used. */
  public static List<EventSourceReport> probe() {
    List<EventSourceReport> reports = new ArrayList<>();
    try (OpenSources each = OpenSources.each()) {
      each.all()
          .forEach(
              one -> reports.add(new EventSourceReport(one.name(), true, one.limit(), 0, 0, 0)));
      each.refused()
          .forEach((name, why) -> reports.add(new EventSourceReport(name, false, why, 0, 0, 0)));
    }
    return reports;
  }

  /** Uses other settings from now on. */
  public void use(EventSettings settings) {
    synchronized (turn) {
      wanted = settings;
    }
    poller.wake();
  }

  /** Opens the new sources before the old ones are closed, so that no event is lost. */
  private void change(EventSettings settings) {
    OpenSources before = sources;
    OpenSources next = opener.open(settings, before);
    List<OpenSources.Seen> last = before.drain(proc);
    synchronized (turn) {
      sources = next;
      next.all().forEach(source -> counts.computeIfAbsent(source.name(), name -> new long[COUNTS]));
      lostBefore.clear();
      for (Protocol protocol : Protocol.values()) {
        reconciler.announces(protocol, announcer(protocol));
      }
      last.forEach(this::take);
    }
    before.close();
    ends.want(
        settings.tcp() && !next.announces(Protocol.TCP),
        settings.udp() && !next.announces(Protocol.UDP),
        this::namespacesChange);
    namespaces = true;
  }

  private void namespacesChange() {
    namespaces = true;
    poller.wake();
  }

  /** The sockets of other namespaces are asked for where they are read. */
  private void poll() {
    namespaces = false;
    sources.use(ends.take());
    poller.use(sources.descriptors());
  }

  /** The source that announces every listener of a protocol; {@code null} if none does. */
  private @Nullable String announcer(Protocol protocol) {
    return sources.all().stream()
        .filter(source -> source.announces().contains(protocol))
        .map(EventSource::name)
        .findFirst()
        .orElse(null);
  }

  /** Reads events until this is closed; on a thread of its own. */
  public void read() {
    Duration adapted = Ticker.SYSTEM.elapsed();
    Duration drained = adapted.minus(GATHER);
    while (!ended) {
      if (namespaces) {
        poll();
      }
      poller.await(ADAPT);
      gather(drained);
      EventSettings next;
      synchronized (turn) {
        next = wanted;
        wanted = null;
      }
      if (next != null) {
        change(next);
      }
      drain();
      drained = Ticker.SYSTEM.elapsed();
      if (Ticker.SYSTEM.since(adapted).compareTo(ADAPT) >= 0) {
        adapted = Ticker.SYSTEM.elapsed();
        if (sources.adapt()) {
          poll();
        }
      }
    }
    synchronized (turn) {
      sources.close();
      sources = OpenSources.NONE;
    }
    ends.want(false, false, () -> {});
    ends.take();
    poller.close();
  }

  /** An event after a pause is read at once; those of a flood are read together. */
  private static void gather(Duration drained) {
    Duration left = GATHER.minus(Ticker.SYSTEM.since(drained));
    if (left.compareTo(Duration.ZERO) > 0) {
      LockSupport.parkNanos(left.toNanos());
    }
  }

  /** All that the sources have; processes are read before anybody waits for the lock. */
  private void drain() {
    List<OpenSources.Seen> seen = sources.drain(proc);
    synchronized (turn) {
      for (EventSource source : sources.all()) {
        long lost = sources.lostOf(source);
        Long before = lostBefore.put(source.name(), lost);
        lose(source.name(), lost - (before == null ? 0 : before));
      }
      seen.forEach(this::take);
      if (!queue.isEmpty() || wantsScan || !closed.isEmpty()) {
        turn.notifyAll();
      }
    }
  }

  private void take(OpenSources.Seen seen) {
    String source = seen.source().name();
    SocketChange change = seen.change();
    long[] count = counts.computeIfAbsent(source, name -> new long[COUNTS]);
    count[LAST] = change.at().toNanos();
    if (change.isOfUnknownOrigin()) {
      count[0]++;
      reconciler.announced(change);
    } else if (change.opened()) {
      count[0]++;
      reconciler.announced(change);
      ProcessGlimpse process = seen.process().in(own.of(change, seen.process().namespace()));
      lose(source, queue.add(source, change, process));
    } else {
      count[1]++;
      end(seen.source(), change);
    }
  }

  private void end(EventSource source, SocketChange change) {
    unlisted.closed(change.socket());
    if (queue.close(change)) {
      return;
    }
    boolean onlyEnds = source.announces().isEmpty();
    Long inode = source.namespace();
    String place = inode == null ? Endpoint.HOST : EventLook.name(inode, names.get());
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
   * Waits for events and returns what they showed.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   */
  public EventBatch await(Duration most) throws InterruptedException {
    List<Opening> due;
    Set<Endpoint> ends;
    boolean scan;
    synchronized (turn) {
      Duration end = Ticker.SYSTEM.elapsed().plus(most);
      while (hasNothing() && Ticker.SYSTEM.elapsed().compareTo(end) < 0) {
        turn.wait(Math.max(1, end.minus(Ticker.SYSTEM.elapsed()).toMillis()));
      }
      settle();
      due = queue.takeBefore(Ticker.SYSTEM.elapsed().minus(SETTLE));
      queue.forgetAbsentBefore(Ticker.SYSTEM.elapsed().minus(END_COMES));
      ends = Set.copyOf(closed);
      closed.clear();
      scan = wantsScan;
      wantsScan = false;
    }
    if (due.isEmpty() && ends.isEmpty() && !scan) {
      return EventBatch.NONE;
    }
    Map<Long, String> known = names();
    look.beginBatch();
    List<Sighting> sightings = new ArrayList<>();
    for (Opening opening : due) {
      Sighting sighting = hasName(opening, known) ? sighting(opening, known) : null;
      if (sighting != null) {
        sightings.add(sighting);
      }
      scan |= !finish(opening, sighting);
    }
    return new EventBatch(sightings, ends, scan);
  }

  private @Nullable Sighting sighting(Opening opening, Map<Long, String> known) {
    return look.at(opening, known, Ticker.SYSTEM.elapsed(), clock.instant());
  }

  /**
   * Ends the look at an opening.
   *
   * @return false if a scan has to say what is there, unless the end of the socket comes
   */
  private boolean finish(Opening opening, @Nullable Sighting sighting) {
    synchronized (turn) {
      if (opening.closingIsReported() && !isConfirmed(sighting)) {
        opening.openSockets().forEach(socket -> unlisted.add(socket, unconfirmed(opening)));
      }
      if (sighting == null && opening.closingIsReported()) {
        queue.absent(opening);
      } else {
        queue.looked(opening);
      }
      return sighting != null;
    }
  }

  /** True if the listener has closed, or the host showed it. */
  private static boolean isConfirmed(@Nullable Sighting sighting) {
    return sighting != null
        && (sighting.brief() != null
            || sighting.listener().endpoint().namespace().equals(Endpoint.HOST));
  }

  private UnlistedOpenings.Unconfirmed unconfirmed(Opening opening) {
    Opening.Key key = opening.key();
    ProcessGlimpse process = opening.process();
    Long uid = key.uid();
    return new UnlistedOpenings.Unconfirmed(
        key.protocol(),
        key.address(),
        key.port(),
        Objects.equals(key.namespace(), own.inode()) ? null : key.namespace(),
        opener(process),
        uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid),
        opening.last());
  }

  private static String opener(ProcessGlimpse process) {
    HostText path = process.path() == null ? null : HostText.of(process.path());
    HostText name = process.name() == null ? path : process.name();
    return name == null
        ? "process " + process.pid() + ", which has ended,"
        : name + "[" + process.pid() + "]";
  }

  private boolean hasNothing() {
    return queue.isEmpty() && closed.isEmpty() && !wantsScan && !ended;
  }

  /** Closings come in meanwhile, since this leaves the lock. */
  private void settle() throws InterruptedException {
    Duration left = untilSettled();
    while (!ended && left.compareTo(Duration.ZERO) > 0) {
      turn.wait(left.toMillis() + 1);
      left = untilSettled();
    }
  }

  private Duration untilSettled() {
    Duration oldest = queue.oldest();
    return oldest == null ? Duration.ZERO : oldest.plus(SETTLE).minus(Ticker.SYSTEM.elapsed());
  }

  /** The names of the network namespaces; that of our own is known before the first scan. */
  private Map<Long, String> names() {
    Map<Long, String> known = names.get();
    Long inode = own.inode();
    if (inode == null || known.containsKey(inode)) {
      return known;
    }
    known = new HashMap<>(known);
    known.put(inode, Endpoint.HOST);
    return known;
  }

  /** A listener in a namespace that has no name yet is left to the scan that gives it one. */
  private static boolean hasName(Opening opening, Map<Long, String> known) {
    Long namespace = opening.key().namespace();
    boolean open = opening.closedAfter() == null && opening.openAtMost() == null;
    return !open || namespace == null || known.containsKey(namespace);
  }

  /**
   * Compares a scan with the events.
   *
   * @param began when it began, on the monotonic clock
   * @return the gaps of the event sources since the last scan
   */
  public List<Gap> reconcile(List<Listener> listeners, Duration began) {
    synchronized (turn) {
      List<Gap> gaps = reconciler.scanned(listeners, began);
      wantsScan |= !gaps.isEmpty();
      return gaps;
    }
  }

  /** The UDP sockets that are known to be those of clients, as of the last comparison. */
  public Set<Endpoint> clients() {
    synchronized (turn) {
      return reconciler.clients();
    }
  }

  /** The state of each source. */
  public List<EventSourceReport> reports() {
    synchronized (turn) {
      List<EventSourceReport> reports = new ArrayList<>();
      for (EventSource source : sources.all()) {
        String elsewhere = source.announces().isEmpty() ? ends.limit() : "";
        String limit = source.limit().isEmpty() ? elsewhere : source.limit();
        reports.add(report(source.name(), true, limit));
      }
      sources.refused().forEach((name, why) -> reports.add(report(name, false, why)));
      return reports;
    }
  }

  private EventSourceReport report(String name, boolean up, String why) {
    long[] count = counts.getOrDefault(name, new long[COUNTS]);
    long lost = reconciler.lostOf(name);
    Duration last = count[LAST] == 0 ? null : Duration.ofNanos(count[LAST]);
    return new EventSourceReport(name, up, why, count[0], count[1], lost, last);
  }

  /** Ends the reader. */
  @Override
  public void close() {
    ended = true;
    poller.wake();
    synchronized (turn) {
      turn.notifyAll();
    }
  }

  /** Closes what the looks hold; by the thread that takes events, at its end. */
  public void closeLooks() {
    look.close();
  }

  @Override
  public String toString() {
    return "events of " + root;
  }
}
