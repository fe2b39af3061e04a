package io.portcurfew.host;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.events.LinuxEvents;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.process.DaemonThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of the kernel of this host, if it has some. Two threads exist once events are used:
 * one reads them, and one judges what they showed. Both are replaced if a process makes them wait.
 */
public final class KernelEvents implements HostEvents, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);
  private static final Duration TIME_TO_END = Duration.ofSeconds(1);

  private final @Nullable LinuxSource names;
  private final Clock clock;
  private volatile @Nullable LinuxEvents open;
  private @Nullable Runnable loop;
  private @Nullable Thread judging;

  private KernelEvents(@Nullable LinuxSource names, Clock clock) {
    this.names = names;
    this.clock = clock;
  }

  /** The events of this host, which are not read yet. */
  public static KernelEvents of(Host host, Clock clock) {
    return new KernelEvents(host.source(LinuxSource.class).orElse(null), clock);
  }

  /**
   * Reads events from now on.
   *
   * @param judges takes the events in a loop until its thread is interrupted
   */
  public synchronized KernelEvents start(EventSettings settings, Runnable judges) {
    loop = judges;
    use(settings);
    return this;
  }

  @Override
  public synchronized void use(EventSettings settings) {
    LinuxEvents events = open;
    if (events != null) {
      events.use(settings);
    } else if (names != null && loop != null && !settings.equals(EventSettings.OFF)) {
      open(settings, names);
    }
  }

  private void open(EventSettings settings, LinuxSource source) {
    try {
      LinuxEvents events =
          LinuxEvents.open(
              settings,
              source::namespaceNames,
              source.ends(),
              source.unlistedOpenings(),
              source.hangingUsers(),
              clock);
      open = events;
      events.replaceWith(this::startReading, this::startJudging);
      if (startReading() && startJudging()) {
        log(events.reports());
      } else {
        LOG.error("cannot start the threads of the events; scans see what is open");
        close();
      }
    } catch (KernelException | LinkageError refused) {
      LOG.warn("no events between two scans: {}", refused.getMessage());
    }
  }

  private synchronized boolean startReading() {
    LinuxEvents events = open;
    return events == null || DaemonThreads.start("portcurfew-events", events::read);
  }

  private synchronized boolean startJudging() {
    Runnable judges = loop;
    if (open == null || judges == null) {
      return true;
    }
    Thread thread = DaemonThreads.of("portcurfew-sightings", () -> judge(judges));
    boolean isStarted = DaemonThreads.start(thread);
    judging = isStarted ? thread : null;
    return isStarted;
  }

  private static void judge(Runnable judges) {
    try {
      judges.run();
    } catch (ProcessReads.AbandonedException another) {
      // Another thread judges events by now.
    }
  }

  /** Once, with what an admin can do in the words of doctor. */
  private static void log(List<EventSourceReport> reports) {
    for (EventSourceReport report : reports) {
      if (report.up()) {
        LOG.info("events of the kernel are read from {}", report.name());
      } else {
        LOG.info("the event source {} is not used: {}", report.name(), report.why());
      }
    }
  }

  @Override
  public EventBatch await(Duration most) throws InterruptedException {
    LinuxEvents events = open;
    if (events == null) {
      Thread.sleep(most.toMillis());
      return EventBatch.NONE;
    }
    return events.await(most);
  }

  @Override
  public List<Gap> reconcile(List<Listener> listeners, Duration began) {
    LinuxEvents events = open;
    return events == null ? List.of() : events.reconcile(listeners, began);
  }

  @Override
  public Set<Endpoint> clients() {
    LinuxEvents events = open;
    return events == null ? Set.of() : events.clients();
  }

  @Override
  public List<EventSourceReport> reports() {
    LinuxEvents events = open;
    return events == null ? List.of() : events.reports();
  }

  /** Ends all threads. */
  @Override
  public synchronized void close() {
    LinuxEvents events = open;
    Thread thread = judging;
    if (events == null) {
      return;
    }
    events.close();
    if (thread != null) {
      end(events, thread);
    }
    open = null;
  }

  private static void end(LinuxEvents events, Thread thread) {
    thread.interrupt();
    try {
      thread.join(TIME_TO_END.toMillis());
      if (!thread.isAlive()) {
        events.closeLooks();
      }
    } catch (InterruptedException inHaste) {
      Thread.currentThread().interrupt();
    }
  }
}
