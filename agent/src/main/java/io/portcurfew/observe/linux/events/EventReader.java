package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.events.source.DrainedChanges;
import io.portcurfew.observe.linux.events.source.EventPoller;
import io.portcurfew.observe.linux.events.source.EventSource;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of all sources, on a thread that waits for nothing else. If a process makes it
 * wait, another thread goes on with the same changes.
 */
final class EventReader implements AutoCloseable {

  /** The time in which a flood gathers between two readings; an opening waits longer anyway. */
  private static final Duration GATHER = Duration.ofMillis(2);

  /** The time between two comparisons of the CPUs with those that are online. */
  private static final Duration ADAPT = Duration.ofSeconds(10);

  private final SourcesOpener opener;
  private final NamespaceEnds ends;
  private final EventThread thread;
  private final PendingEvents pending;
  private final EventPoller poller;
  private final AtomicReference<@Nullable EventSettings> wanted = new AtomicReference<>();
  private volatile OpenSources sources = OpenSources.NONE;
  private @Nullable DrainedChanges drained;
  private volatile boolean namespacesChanged = true;
  private volatile boolean ended;

  /** Opens the sources of settings. */
  interface SourcesOpener {
    /** Opens them, after those that are used until now. */
    OpenSources open(EventSettings settings, OpenSources before);
  }

  private EventReader(
      SourcesOpener opener,
      NamespaceEnds ends,
      EventThread thread,
      PendingEvents pending,
      EventPoller poller) {
    this.opener = opener;
    this.ends = ends;
    this.thread = thread;
    this.pending = pending;
    this.poller = poller;
  }

  /**
   * Opens the sources.
   *
   * @throws KernelException if the kernel refuses what every source needs
   */
  static EventReader open(
      EventSettings settings,
      SourcesOpener opener,
      NamespaceEnds ends,
      EventThread thread,
      PendingEvents pending)
      throws KernelException {
    EventReader reader = new EventReader(opener, ends, thread, pending, EventPoller.open());
    reader.change(settings);
    return reader;
  }

  /** Uses other settings from now on. */
  void use(EventSettings settings) {
    wanted.set(settings);
    poller.wake();
  }

  /**
   * Opens the new sources before the old ones are closed, so that no event is lost.
   *
   * @return the last changes of the old ones
   */
  private DrainedChanges change(EventSettings settings) {
    OpenSources before = sources;
    OpenSources next = opener.open(settings, before);
    DrainedChanges last = before.drain();
    pending.use(next);
    sources = next;
    before.close();
    ends.want(
        settings.tcp() && next.announcer(Protocol.TCP) == null,
        settings.udp() && next.announcer(Protocol.UDP) == null,
        this::namespacesChange);
    namespacesChanged = true;
    return last;
  }

  private void namespacesChange() {
    namespacesChanged = true;
    poller.wake();
  }

  /** The sockets of other namespaces are asked for where they are read. */
  private void poll() {
    namespacesChanged = false;
    sources.use(ends.take());
    poller.use(sources.descriptors());
  }

  /** Reads events until this is closed, or until another thread does. */
  void read() {
    boolean isLast = true;
    try {
      readUntilEnd(thread.reads());
    } catch (ProcessReads.AbandonedException another) {
      isLast = false;
    } finally {
      if (isLast) {
        end();
      }
    }
  }

  private void readUntilEnd(ProcessReads reads) {
    ProcFs proc = thread.proc(reads);
    Duration adapted = Ticker.SYSTEM.elapsed();
    Duration lastRead = adapted.minus(GATHER);
    while (!ended) {
      DrainedChanges changes = drained;
      if (changes == null) {
        changes = drain(lastRead);
        drained = changes;
      }
      // Processes are read before anybody waits for a lock.
      pending.beginReading();
      List<OpenSources.SeenChange> seen =
          changes.hasOpenings() ? readProcesses(changes, reads, proc) : changes.read(proc);
      drained = null;
      pending.add(seen, sources.lost());
      lastRead = Ticker.SYSTEM.elapsed();
      if (Ticker.SYSTEM.since(adapted).compareTo(ADAPT) >= 0) {
        adapted = Ticker.SYSTEM.elapsed();
        if (sources.adapt()) {
          poll();
        }
      }
    }
  }

  /** Waits for the next changes; reads no process. */
  private DrainedChanges drain(Duration lastRead) {
    if (namespacesChanged) {
      poll();
    }
    poller.await(ADAPT);
    gather(lastRead);
    EventSettings next = wanted.getAndSet(null);
    return next == null ? sources.drain() : change(next);
  }

  private List<OpenSources.SeenChange> readProcesses(
      DrainedChanges changes, ProcessReads reads, ProcFs proc) {
    thread.begin(reads);
    try {
      return changes.read(proc);
    } finally {
      reads.endLook();
    }
  }

  /** An event after a pause is read at once; those of a flood are read together. */
  private static void gather(Duration drained) {
    Duration left = GATHER.minus(Ticker.SYSTEM.since(drained));
    if (left.compareTo(Duration.ZERO) > 0) {
      LockSupport.parkNanos(left.toNanos());
    }
  }

  private void end() {
    OpenSources last = sources;
    sources = OpenSources.NONE;
    pending.use(OpenSources.NONE);
    last.close();
    ends.want(false, false, () -> {});
    ends.take();
    poller.close();
  }

  /** The state of each source. */
  List<EventSourceReport> reports() {
    OpenSources now = sources;
    List<EventSourceReport> reports = new ArrayList<>();
    for (EventSource source : now.all()) {
      String elsewhere = source.announces().isEmpty() ? ends.limit() : "";
      String limit = source.limit().isEmpty() ? elsewhere : source.limit();
      reports.add(pending.report(source.name(), true, limit));
    }
    now.refused().forEach((name, why) -> reports.add(pending.report(name, false, why)));
    return reports;
  }

  /** Ends the reading; from any thread. */
  @Override
  public void close() {
    ended = true;
    poller.wake();
  }
}
