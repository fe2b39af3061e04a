package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the openings that are due, one after the other. If a process makes the thread wait,
 * another one goes on with the same opening. Used by one thread at a time.
 */
final class DueLooks implements AutoCloseable {

  private final EventThread thread;
  private final Function<ProcFs, EventLook> maker;
  private final OwnNamespace own;
  private final Supplier<Map<Long, String>> names;
  private final Clock clock;
  private final PendingEvents pending;
  private @Nullable ThreadLook looks;
  private @Nullable Batch begun;

  /** The reads and the look of one thread. */
  private record ThreadLook(ProcessReads reads, EventLook look) {}

  /** The openings that are due, and those that were seen of them. */
  private static final class Batch {
    private final DueEvents due;
    private final List<Sighting> sightings = new ArrayList<>();
    private int looked;
    private boolean wantsScan;

    Batch(DueEvents due) {
      this.due = due;
      wantsScan = due.wantsScan();
    }
  }

  /**
   * Looks at nothing yet.
   *
   * @param maker makes what a thread looks with, by a /proc of its own
   * @param names the names of the network namespaces by inode, as the scans know them
   */
  DueLooks(
      EventThread thread,
      Function<ProcFs, EventLook> maker,
      OwnNamespace own,
      Supplier<Map<Long, String>> names,
      Clock clock,
      PendingEvents pending) {
    this.thread = thread;
    this.maker = maker;
    this.own = own;
    this.names = names;
    this.clock = clock;
    this.pending = pending;
  }

  /**
   * Waits for events and returns what they showed.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   * @throws ProcessReads.AbandonedException if another thread takes the events now
   */
  EventBatch await(Duration most) throws InterruptedException {
    Batch batch = begun;
    if (batch == null) {
      DueEvents due = pending.take(most);
      if (due.isEmpty()) {
        return EventBatch.NONE;
      }
      batch = new Batch(due);
      begun = batch;
    }
    look(batch);
    begun = null;
    return new EventBatch(batch.sightings, batch.due.closed(), batch.due.ended(), batch.wantsScan);
  }

  private void look(Batch batch) {
    ThreadLook by = looks();
    Map<Long, String> known = names();
    List<Opening> openings = batch.due.openings();
    by.look.beginBatch();
    thread.begin(by.reads);
    try {
      while (batch.looked < openings.size()) {
        Opening opening = openings.get(batch.looked);
        SeenOpening seen = look(by.look, opening, known);
        Sighting doubtful =
            by.look.inDoubt(opening, known, Ticker.SYSTEM.elapsed(), clock.instant());
        if (doubtful != null) {
          batch.sightings.add(doubtful);
        }
        pending.looked(opening, seen);
        if (seen == null) {
          batch.wantsScan = true;
        } else {
          batch.sightings.add(seen.sighting());
        }
        batch.looked++;
      }
    } finally {
      by.reads.endLook();
      if (by.reads.isAbandoned()) {
        by.look.close();
      }
    }
  }

  /** The looks of the present thread: those of an abandoned one are its own until it ends. */
  private ThreadLook looks() {
    ThreadLook now = looks;
    if (now == null || now.reads != thread.reads()) {
      ProcessReads reads = thread.reads();
      now = new ThreadLook(reads, maker.apply(thread.proc(reads)));
      looks = now;
    }
    return now;
  }

  /** {@code null} if only a scan can say what is there. */
  private @Nullable SeenOpening look(EventLook look, Opening opening, Map<Long, String> known) {
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

  /**
   * A listener in a namespace that has no name yet is left to the scan that gives it one, unless
   * the host may have it.
   */
  private static boolean hasName(Opening opening, Map<Long, String> known) {
    Long namespace = opening.key().namespace();
    boolean open = opening.closedAfter() == null && opening.openAtMost() == null;
    return !open || namespace == null || opening.mayBeOfHost() || known.containsKey(namespace);
  }

  @Override
  public void close() {
    ThreadLook last = looks;
    if (last != null && !last.reads.isAbandoned()) {
      last.look.close();
    }
  }
}
