package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PendingEventsTest {

  private static final long HOST = 1;
  private static final Map<Long, String> NAMES = Map.of(HOST, Endpoint.HOST);
  private static final ProcessGlimpse PYTHON =
      new ProcessGlimpse(4711, 1L, null, 1000L, 1000L, "/usr/bin/python3", null, HOST, true, true);

  private final UnlistedOpenings unlisted = new UnlistedOpenings();
  private final PendingEvents pending =
      new PendingEvents(new OwnNamespace(HOST, 0), () -> NAMES, unlisted);

  /** Opens sockets at one endpoint and takes the opening. */
  private Opening open(int sockets) throws InterruptedException {
    List<OpenSources.SeenChange> seen = new ArrayList<>();
    for (int socket = 1; socket <= sockets; socket++) {
      SocketChange change =
          new SocketChange(
              true, socket, Protocol.TCP, Address.ANY_IPV4, 22, 4711, Ticker.SYSTEM.elapsed());
      seen.add(new OpenSources.SeenChange(new IdleSource(), change, PYTHON));
    }
    pending.add(seen, Map.of());
    return pending.take(Duration.ofSeconds(5)).openings().get(0);
  }

  private static SeenOpening seen(@Nullable KernelSocket socket) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 22);
    Listener listener = new Listener(endpoint, null, List.of(), "perf");
    return new SeenOpening(new Sighting(listener, null, Ticker.SYSTEM.elapsed()), socket);
  }

  private static KernelSocket socket(long inode) {
    return new KernelSocket(Transport.TCP, false, 0, 0, 22, 0, inode, null, 0, null, 0);
  }

  /** The gaps once two scans have missed what is not listed. */
  private List<Gap> missing() {
    Map<String, List<KernelSocket>> tables = Map.of(Endpoint.HOST, List.of(socket(5)));
    Duration later = Ticker.SYSTEM.elapsed().plusSeconds(5);
    unlisted.scanned("sock_diag", tables, NAMES, later, endpoint -> false);
    return unlisted.scanned("sock_diag", tables, NAMES, later, endpoint -> false);
  }

  @Test
  void listenerOfTheHost_isConfirmedByItsSocket() throws Exception {
    unlisted.list(List.of(), Ticker.SYSTEM.elapsed());
    pending.looked(open(1), seen(socket(5)));
    assertThat(missing()).isEmpty();
  }

  @Test
  void portThatTheHostUsesToo_confirmsNothing() throws Exception {
    unlisted.list(List.of(List.of(socket(5))), Ticker.SYSTEM.elapsed());
    pending.looked(open(1), seen(socket(5)));
    assertThat(missing()).singleElement().matches(Gap::hidesListeners);
  }

  @Test
  void lookThatCannotTell_confirmsNothing() throws Exception {
    unlisted.list(List.of(List.of(socket(5))), Ticker.SYSTEM.elapsed());
    pending.looked(open(1), seen(null));
    assertThat(missing()).hasSize(1);
  }

  /** Only a scan may decide about it, and the listener may close before. */
  @Test
  void endAfterTheLook_isHandedOn() throws Exception {
    Opening opening = open(2);
    assertThat(opening.socketsOfLook()).containsExactlyInAnyOrder(1L, 2L);
    pending.looked(opening, seen(socket(5)));
    Duration end = Ticker.SYSTEM.elapsed();
    SocketChange closed = new SocketChange(false, 1, Protocol.TCP, Address.ANY_IPV4, 22, 4711, end);
    pending.add(
        List.of(new OpenSources.SeenChange(new IdleSource(), closed, ProcessGlimpse.UNKNOWN)),
        Map.of());
    assertThat(pending.take(Duration.ofSeconds(5)).ended()).containsExactly(Map.entry(1L, end));
    assertThat(pending.take(Duration.ZERO).ended()).isEmpty();
  }

  @Test
  void threadThatDoesNotComeBack_isAGapOfTheSource() throws Exception {
    Duration[] now = {Duration.ofHours(1)};
    PendingEvents waiting =
        new PendingEvents(new OwnNamespace(HOST, 0), () -> NAMES, unlisted, () -> now[0]);
    waiting.use(OpenSources.of(new IdleSource()));
    waiting.beginReading();
    waiting.take(Duration.ZERO);
    assertThat(waiting.reconcile(List.of(), Ticker.SYSTEM.elapsed())).isEmpty();
    now[0] = now[0].plus(EventWork.LONGEST);
    assertThat(waiting.reconcile(List.of(), Ticker.SYSTEM.elapsed()))
        .extracting(Gap::why)
        .satisfiesExactly(
            why -> assertThat(why).contains("the thread that reads events"),
            why -> assertThat(why).contains("the thread that judges events"));
    waiting.add(List.of(), Map.of());
    waiting.take(Duration.ZERO);
    assertThat(waiting.reconcile(List.of(), Ticker.SYSTEM.elapsed())).isEmpty();
  }

  @Test
  void moreSocketsThanAreFollowed_areAGapOfTheSource() throws Exception {
    pending.looked(open(256), seen(socket(5)));
    assertThat(pending.reconcile(List.of(), Ticker.SYSTEM.elapsed())).isEmpty();
    pending.looked(open(257), seen(socket(5)));
    assertThat(pending.reconcile(List.of(), Ticker.SYSTEM.elapsed()))
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.what()).isEqualTo(Gap.What.EVENTS);
              assertThat(gap.hidesListeners()).isFalse();
            });
    assertThat(pending.reconcile(List.of(), Ticker.SYSTEM.elapsed())).isEmpty();
  }

  @Test
  void scansAreWatched_whileASourceAnnouncesTcp() {
    assertThat(unlisted.watched()).isEmpty();
    pending.use(OpenSources.of(new IdleSource()));
    assertThat(unlisted.watched()).containsExactly(Protocol.TCP);
    assertThat(unlisted.takeChangedElsewhere()).isTrue();
    assertThat(unlisted.takeChangedElsewhere()).isFalse();
    pending.add(List.of(), Map.of("perf", 1L));
    assertThat(unlisted.takeChangedElsewhere()).isTrue();
    pending.use(OpenSources.NONE);
    assertThat(unlisted.watched()).isEmpty();
    pending.use(OpenSources.of(new IdleSource()));
    pending.end();
    assertThat(unlisted.watched()).isEmpty();
  }

  @Test
  void socketThatTheHostDoesNotShow_mayBeElsewhere() throws Exception {
    Opening opening = open(1);
    assertThat(unlisted.takeChangedElsewhere()).isFalse();
    pending.looked(opening, seen(socket(5)));
    unlisted.closed(1);
    assertThat(unlisted.takeChangedElsewhere()).isFalse();
    pending.looked(opening, null);
    unlisted.closed(1);
    assertThat(unlisted.takeChangedElsewhere()).isTrue();
  }
}
