package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The events of the Linux kernel about listeners. One thread {@linkplain #read reads} them and
 * waits for nothing else; another one {@linkplain #await takes} what they showed.
 */
public final class LinuxEvents implements AutoCloseable {

  /** So long an opening waits for its closing: most of what is brief is over by then. */
  private static final Duration SETTLE = Duration.ofMillis(4);

  /** How often the CPUs are compared with those that are online. */
  private static final Duration ADAPT = Duration.ofSeconds(10);

  private static final int MOST_CLOSED = 1024;

  private final Path root;
  private final ProcFs proc;
  private final @Nullable Long own;
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
  private Map<String, String> refused = Map.of();
  private List<EventSource> sources = List.of();
  private @Nullable EventSettings wanted;
  private boolean wantsScan;
  private volatile boolean ended;

  /** A change, and what was known of its process at that time. */
  private record Observed(SocketChange change, ProcessFacts facts) {
    RunProgram process() {
      return new RunProgram(change.pid(), facts);
    }
  }

  /** A process as long as it runs one program. */
  private record RunProgram(int pid, ProcessFacts facts) {}

  private LinuxEvents(
      Path root, Supplier<Map<Long, String>> names, Clock clock, EventPoller poller) {
    this.root = root;
    this.proc = new ProcFs(root);
    byte[] link = proc.link("proc/self/ns/net");
    this.own = link == null ? null : ProcText.namespaceInode(link);
    this.names = names;
    this.clock = clock;
    this.poller = poller;
    this.look = new EventLook(root);
  }

  /**
   * Opens the sources.
   *
   * @param names the names of the network namespaces by inode, as the scans know them
   * @throws KernelException if the kernel refuses what every source needs
   */
  public static LinuxEvents open(
      EventSettings settings, Supplier<Map<Long, String>> names, Clock clock)
      throws KernelException {
    LinuxEvents events = new LinuxEvents(Path.of("/"), names, clock, EventPoller.open());
    events.change(settings);
    return events;
  }

  /** Tries each source for a moment and reports whether it can be used. */
  public static List<EventSourceReport> probe() {
    SourceChoice all = SourceChoice.each();
    List<EventSourceReport> reports = new ArrayList<>();
    all.opened().forEach(one -> reports.add(new EventSourceReport(one.name(), true, "", 0, 0, 0)));
    all.refused()
        .forEach((name, why) -> reports.add(new EventSourceReport(name, false, why, 0, 0, 0)));
    all.opened().forEach(EventSource::close);
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
    SourceChoice choice = SourceChoice.of(settings);
    List<EventSource> before;
    synchronized (turn) {
      before = sources;
      sources = choice.opened();
      refused = choice.refused();
      sources.forEach(source -> counts.computeIfAbsent(source.name(), name -> new long[2]));
      lostBefore.clear();
      reconciler.announces(Protocol.TCP, announcer());
    }
    before.forEach(source -> drain(source, false));
    before.forEach(EventSource::close);
    poll();
  }

  /** The source that announces every TCP listener; {@code null} if none does. */
  private @Nullable String announcer() {
    return sources.stream()
        .map(EventSource::name)
        .filter(name -> name.equals(PerfSource.NAME))
        .findFirst()
        .orElse(null);
  }

  private void poll() {
    poller.use(
        sources.stream().map(EventSource::descriptors).flatMapToInt(IntStream::of).toArray());
  }

  /** Reads events until this is closed; on a thread of its own. */
  public void read() {
    Duration adapted = Ticker.SYSTEM.elapsed();
    while (!ended) {
      poller.await(ADAPT);
      EventSettings next;
      synchronized (turn) {
        next = wanted;
        wanted = null;
      }
      if (next != null) {
        change(next);
      }
      sources.forEach(source -> drain(source, true));
      if (Ticker.SYSTEM.since(adapted).compareTo(ADAPT) >= 0) {
        adapted = Ticker.SYSTEM.elapsed();
        if (sources.stream().filter(EventSource::adapt).count() > 0) {
          poll();
        }
      }
    }
    synchronized (turn) {
      sources.forEach(EventSource::close);
      sources = List.of();
    }
    poller.close();
  }

  /** All that a source has; its processes are read before anybody waits for the lock. */
  private void drain(EventSource source, boolean counted) {
    List<Observed> changes = new ArrayList<>();
    source.drain((change, facts) -> changes.add(new Observed(change, facts)));
    Map<RunProgram, ProcessGlimpse> seen = glimpses(changes);
    synchronized (turn) {
      long lost = source.lost();
      long before = lostBefore.getOrDefault(source.name(), 0L);
      if (counted) {
        lostBefore.put(source.name(), lost);
        lose(source.name(), lost - before);
      }
      for (Observed one : changes) {
        take(source.name(), one.change, seen.get(one.process()));
      }
      if (!queue.isEmpty() || wantsScan || !closed.isEmpty()) {
        turn.notifyAll();
      }
    }
  }

  private Map<RunProgram, ProcessGlimpse> glimpses(List<Observed> changes) {
    Map<RunProgram, ProcessGlimpse> seen = new HashMap<>();
    if (changes.stream().noneMatch(one -> one.change.opened())) {
      return seen;
    }
    ProcessGlimpse.HostMarks marks = ProcessGlimpse.HostMarks.read(proc);
    for (Observed one : changes) {
      SocketChange change = one.change;
      if (change.opened() && !seen.containsKey(one.process())) {
        Long uid = change.uid() == SocketChange.NO_USER ? null : change.uid();
        Duration since = Ticker.SYSTEM.since(change.at());
        ProcessGlimpse glimpse =
            ProcessGlimpse.of(proc, change.pid(), uid, one.facts, since, marks);
        seen.put(one.process(), glimpse);
      }
    }
    return seen;
  }

  private void take(String source, SocketChange change, @Nullable ProcessGlimpse process) {
    long[] count = counts.computeIfAbsent(source, name -> new long[2]);
    if (change.opened() && process != null) {
      count[0]++;
      reconciler.announced(change);
      lose(source, queue.add(source, change, process));
    } else if (!change.opened()) {
      count[1]++;
      Duration unseen = change.socket() == 0 ? reconciler.unseenFor(change) : null;
      if (unseen != null) {
        lose(source, queue.addClosed(source, change, unseen));
      } else if (!queue.close(change) && closed.size() < MOST_CLOSED) {
        closed.add(new Endpoint(change.protocol(), change.address(), change.port()));
      }
    }
  }

  private void lose(String source, long events) {
    reconciler.lost(source, events);
    wantsScan |= events > 0;
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
      ends = Set.copyOf(closed);
      closed.clear();
      scan = wantsScan;
      wantsScan = false;
    }
    if (due.isEmpty() && ends.isEmpty() && !scan) {
      return EventBatch.NONE;
    }
    Map<Long, String> known = names();
    List<Opening> named = due.stream().filter(opening -> hasName(opening, known)).toList();
    List<Sighting> sightings = looks(named, known);
    return new EventBatch(sightings, ends, scan || sightings.size() < due.size());
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
    if (own == null || known.containsKey(own)) {
      return known;
    }
    known = new HashMap<>(known);
    known.put(own, Endpoint.HOST);
    return known;
  }

  /** A listener in a namespace that has no name yet is left to the scan that gives it one. */
  private static boolean hasName(Opening opening, Map<Long, String> known) {
    Long namespace = opening.key().namespace();
    boolean open = opening.closedAfter() == null && opening.openAtMost() == null;
    return !open || namespace == null || known.containsKey(namespace);
  }

  private List<Sighting> looks(List<Opening> due, Map<Long, String> known) {
    List<Sighting> sightings = new ArrayList<>();
    for (Opening opening : due) {
      Duration now = Ticker.SYSTEM.elapsed();
      Instant time = clock.instant();
      Sighting sighting = look.at(opening, known, now, time);
      if (sighting != null) {
        sightings.add(sighting);
      }
    }
    return sightings;
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

  /** The state of each source. */
  public List<EventSourceReport> reports() {
    synchronized (turn) {
      List<EventSourceReport> reports = new ArrayList<>();
      sources.forEach(source -> reports.add(report(source.name(), true, source.limit())));
      refused.forEach((name, why) -> reports.add(report(name, false, why)));
      return reports;
    }
  }

  private EventSourceReport report(String name, boolean up, String why) {
    long[] count = counts.getOrDefault(name, new long[2]);
    long lost = reconciler.lostOf(name);
    return new EventSourceReport(name, up, why, count[0], count[1], lost);
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
