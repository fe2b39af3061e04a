package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The events of the Linux kernel about listeners. One thread {@linkplain #read reads} them and
 * waits for nothing else; another one {@linkplain #await takes} what they showed. One that a
 * process makes wait {@linkplain #replaceWith is replaced}.
 */
public final class LinuxEvents implements AutoCloseable {

  private final PendingEvents pending;
  private final EventReader reader;
  private final EventThread reading;
  private final DueLooks looks;
  private final EventThread looking;
  private final EventWatch watch;

  private LinuxEvents(
      PendingEvents pending,
      EventReader reader,
      EventThread reading,
      DueLooks looks,
      EventThread looking,
      EventWatch watch) {
    this.pending = pending;
    this.reader = reader;
    this.reading = reading;
    this.looks = looks;
    this.looking = looking;
    this.watch = watch;
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
    return open(settings, OpenSources::of, names, ends, unlisted, users, clock, Path.of("/"));
  }

  /**
   * Reads sources that another one opens.
   *
   * @param root the root of the host whose processes are read
   * @throws KernelException if the kernel refuses what every source needs
   */
  static LinuxEvents open(
      EventSettings settings,
      EventReader.SourcesOpener opener,
      Supplier<Map<Long, String>> names,
      NamespaceEnds ends,
      UnlistedOpenings unlisted,
      HangingUsers users,
      Clock clock,
      Path root)
      throws KernelException {
    OwnNamespace own = OwnNamespace.read(new ProcFs(root));
    EventWatch watch = new EventWatch();
    EventThread reading = new EventThread("reads", root, users, Ticker.SYSTEM, watch::wake);
    EventThread looking = new EventThread("judges", root, users, Ticker.SYSTEM, watch::wake);
    PendingEvents pending = new PendingEvents(own, names, unlisted);
    EventReader reader = EventReader.open(settings, opener, ends, reading, pending);
    DueLooks looks =
        new DueLooks(
            looking,
            proc -> new EventLook(new EventOwners(root, proc), own, unlisted),
            own,
            names,
            clock,
            pending);
    return new LinuxEvents(pending, reader, reading, looks, looking, watch);
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

  /**
   * Reads events until this is closed; on a thread of its own. It returns earlier if a read of a
   * process hangs and another thread reads events now.
   */
  public void read() {
    reader.read();
  }

  /**
   * Waits for events and returns what they showed.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   * @throws ProcessReads.AbandonedException if a read of a process hung and another thread takes
   *     the events now
   */
  public EventBatch await(Duration most) throws InterruptedException {
    return looks.await(most);
  }

  /**
   * Replaces both threads from now on where a read of a process hangs. The thread that does so
   * exists while they read processes, and some seconds longer.
   *
   * @param reader starts another thread that {@linkplain #read reads}; returns false if it cannot
   * @param judge starts another thread that {@linkplain #await takes} events
   */
  public void replaceWith(BooleanSupplier reader, BooleanSupplier judge) {
    watch.use(Map.of(reading, reader, looking, judge));
  }

  /**
   * Compares a scan with the events.
   *
   * @param began when it began, on the monotonic clock
   * @return the gaps of the event sources since the last scan
   */
  public List<Gap> reconcile(List<Listener> listeners, Duration began) {
    watch.wakeIfBusy();
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

  /** Ends the reader and the watch, and nobody waits for events any more. */
  @Override
  public void close() {
    reader.close();
    pending.end();
    watch.end();
  }

  /** Closes what the looks hold; by the thread that takes events, at its end. */
  public void closeLooks() {
    looks.close();
  }
}
