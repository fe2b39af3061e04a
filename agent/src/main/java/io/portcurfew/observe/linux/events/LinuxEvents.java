package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.owner.EventOwners;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of the Linux kernel about listeners. One thread {@linkplain #read reads} them and
 * waits for nothing else; another one {@linkplain #await takes} what they showed.
 */
public final class LinuxEvents implements AutoCloseable {

  private final OwnNamespace own;
  private final Supplier<Map<Long, String>> names;
  private final Clock clock;
  private final PendingEvents pending;
  private final EventReader reader;
  private final EventLook look;

  private LinuxEvents(
      OwnNamespace own,
      Supplier<Map<Long, String>> names,
      Clock clock,
      PendingEvents pending,
      EventReader reader,
      EventLook look) {
    this.own = own;
    this.names = names;
    this.clock = clock;
    this.pending = pending;
    this.reader = reader;
    this.look = look;
  }

  /**
   * Opens the sources.
   *
   * @param names the names of the network namespaces by inode, as the scans know them
   * @param ends the sockets that scans open in other namespaces
   * @param unlisted receives the openings that no look confirms
   * @param users the users whose processes are not read
   * @throws KernelException if the kernel refuses what every source needs
   */
  public static LinuxEvents open(
      EventSettings settings,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      HangingUsers users,
      Clock clock)
      throws KernelException {
    return open(settings, OpenSources::of, names, ends, unlisted, users, clock);
  }

  /**
   * Reads sources that another one opens.
   *
   * @throws KernelException if the kernel refuses what every source needs
   */
  static LinuxEvents open(
      EventSettings settings,
      EventReader.SourcesOpener opener,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      HangingUsers users,
      Clock clock)
      throws KernelException {
    Path root = Path.of("/");
    ProcFs proc = new ProcFs(root, null, new ProcessReads(Ticker.SYSTEM, users));
    OwnNamespace own = OwnNamespace.read(proc);
    PendingEvents pending = new PendingEvents(own, names, unlisted);
    EventReader reader = EventReader.open(settings, opener, ends, proc, pending);
    EventLook look = new EventLook(new EventOwners(root, proc.another()), own, unlisted);
    return new LinuxEvents(own, names, clock, pending, reader, look);
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
    reader.use(settings);
  }

  /** Reads events until this is closed; on a thread of its own. */
  public void read() {
    reader.read();
  }

  /**
   * Waits for events and returns what they showed.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   */
  public EventBatch await(Duration most) throws InterruptedException {
    PendingEvents.Due due = pending.take(most);
    if (due.isEmpty()) {
      return EventBatch.NONE;
    }
    Map<Long, String> known = names();
    look.beginBatch();
    List<Sighting> sightings = new ArrayList<>();
    boolean wantsScan = due.wantsScan();
    for (Opening opening : due.openings()) {
      SeenOpening seen = look(opening, known);
      pending.looked(opening, seen);
      if (seen == null) {
        wantsScan = true;
      } else {
        sightings.add(seen.sighting());
      }
    }
    return new EventBatch(sightings, due.closed(), wantsScan);
  }

  /** {@code null} if only a scan can say what is there. */
  private @Nullable SeenOpening look(Opening opening, Map<Long, String> known) {
    return hasName(opening, known)
        ? look.at(opening, known, Ticker.SYSTEM.elapsed(), clock.instant())
        : null;
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
    return pending.reconcile(listeners, began);
  }

  /** The UDP sockets that are known to be those of clients, as of the last comparison. */
  public Set<Endpoint> clients() {
    return pending.clients();
  }

  /** The state of each source. */
  public List<EventSourceReport> reports() {
    return reader.reports();
  }

  /** Ends the reader, and nobody waits for events any more. */
  @Override
  public void close() {
    reader.close();
    pending.end();
  }

  /** Closes what the looks hold; by the thread that takes events, at its end. */
  public void closeLooks() {
    look.close();
  }
}
