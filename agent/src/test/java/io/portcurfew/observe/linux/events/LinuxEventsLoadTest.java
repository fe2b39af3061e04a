package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.EventSource;
import io.portcurfew.observe.linux.events.source.EventSourceKind;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million events, as a busy host has them in a week. */
@HeavyLoad
class LinuxEventsLoadTest {

  private static final int EVENTS = 2_000_000;
  private static final int AT_ONCE = 500;

  /** Above the largest number of a process, PID_MAX_LIMIT in linux/threads.h. */
  private static final int NO_PROCESS = (4 << 20) + 1;

  /** Less than 13 bytes for each opening of the second half. */
  private static final long MOST_GROWTH = 6L << 20;

  /** A ring that always has something until it has given every event: openings with their ends. */
  private static final class FullRing implements EventSource {
    private static final ProcFs FILES = new ProcFs(Path.of("/"));

    private final int fd = FILES.open("dev/zero", Libc.O_RDONLY);
    private int given;
    private volatile int most = EVENTS;

    @Override
    public EventSourceKind kind() {
      return EventSourceKind.PERF;
    }

    @Override
    public int[] descriptors() {
      return new int[] {fd};
    }

    @Override
    public void drain(Consumer<SocketChange> sink) {
      if (given >= most) {
        LockSupport.parkNanos(1_000_000);
      }
      for (int i = 0; i < AT_ONCE && given < most; i++, given += 2) {
        sink.accept(change(true));
        sink.accept(change(false));
      }
    }

    private SocketChange change(boolean opened) {
      int port = 1 + given % 65_000;
      Duration at = Ticker.SYSTEM.elapsed();
      return new SocketChange(
          opened, 1 + given, Protocol.TCP, Address.ANY_IPV4, port, NO_PROCESS, at);
    }

    @Override
    public long lost() {
      return 0;
    }

    @Override
    public void close() {
      FILES.close(fd);
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long counted(EventBatch batch) {
    return batch.sightings().stream()
        .filter(one -> one.orElse() == null)
        .map(Sighting::brief)
        .filter(Objects::nonNull)
        .mapToLong(BriefOpening::count)
        .sum();
  }

  @Test
  @Timeout(600)
  void millionEvents_doNotGrow_andAreAllCounted() throws Exception {
    try (FullRing ring = new FullRing()) {
      ring.most = EVENTS / 2;
      LinuxEvents events =
          LinuxEvents.open(
              EventSettings.AUTO,
              (settings, before) -> OpenSources.of(ring),
              Map::of,
              new NamespaceEnds(),
              new UnlistedOpenings(),
              new HangingUsers(Ticker.SYSTEM),
              Clock.systemUTC(),
              Path.of("/"));
      Thread reader = new Thread(events::read, "reader");
      reader.setDaemon(true);
      reader.start();
      long seen = readUntil(events, 0, EVENTS / 4);
      long before = used();
      ring.most = EVENTS;
      seen = readUntil(events, seen, EVENTS / 2);
      assertThat(used() - before).isLessThan(MOST_GROWTH);
      assertThat(seen + lost(events)).isEqualTo(EVENTS / 2);
      events.close();
      reader.join(60_000);
      assertThat(reader.isAlive()).isFalse();
    }
  }

  /** Scans meanwhile find nothing, as on a host where all of these have closed. */
  private static long readUntil(LinuxEvents events, long before, long total)
      throws InterruptedException {
    long seen = before;
    while (seen + lost(events) < total) {
      seen += counted(events.await(Duration.ofMillis(100)));
      events.reconcile(List.<Listener>of(), Ticker.SYSTEM.elapsed());
    }
    return seen;
  }

  private static long lost(LinuxEvents events) {
    return events.reports().stream().mapToLong(EventSourceReport::lost).sum();
  }
}
