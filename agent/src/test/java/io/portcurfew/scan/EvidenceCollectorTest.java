package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvidenceCollectorTest {

  private static final Endpoint OPEN = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611);
  private static final Set<String> OPS = Set.of("ops");
  private static final Owner HOLDER =
      new Owner(7, HostText.of("nc"), HostText.of("/usr/bin/nc"), HostText.of("root"), null);

  private final BlockingQueue<Notification> sent = new LinkedBlockingQueue<>();
  private final AtomicInteger looks = new AtomicInteger();

  private static Notification notification(String id, Reason reason, Severity severity) {
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "r",
            NotifySettings.of(severity),
            OPEN,
            "open",
            List.of(),
            List.of("seen"));
    Alert alert = new Alert(id, AlertState.FIRING, finding, Instant.EPOCH, null);
    return new Notification(id, reason, alert, "web-1", "0123456789ab");
  }

  private static TimedView look(View view) {
    return new TimedView(view, Duration.ZERO);
  }

  private List<TimedView> witnesses(Duration limit) {
    looks.incrementAndGet();
    Listener shown = new Listener(OPEN, null, List.of(HOLDER), "sock_diag");
    Gap unseen = new Gap("netstat", Gap.What.OWNERS, "not root");
    return List.of(
        look(new View("sock_diag", true, List.of(shown), List.of())),
        look(new View("ss", true, List.of(), List.of())),
        look(new View("netstat", false, List.of(), List.of(unseen))),
        look(View.blind("lsof", "not installed: looked in /usr/bin")));
  }

  private static List<RoutedNotification> addressed(Notification... all) {
    return Stream.of(all).map(one -> new RoutedNotification(one, OPS)).toList();
  }

  private EvidenceCollector collector(EvidenceCollector.Witnesses witnesses) {
    return new EvidenceCollector(
        witnesses, all -> all.forEach(each -> sent.add(each.notification())), Threads.SYSTEM);
  }

  private Notification next() throws InterruptedException {
    Notification next = sent.poll(10, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void criticalAlert_hasALineOfEachSource() throws Exception {
    try (EvidenceCollector collector = collector(this::witnesses)) {
      collector.send(addressed(notification("a", Reason.FIRST, Severity.CRITICAL)));
      assertThat(next().alert().finding().evidence())
          .containsExactly(
              "seen",
              "sock_diag: tcp 0.0.0.0:611 held by pid 7 (nc) /usr/bin/nc as root",
              "ss: shows nothing on this port",
              "netstat: does not show it",
              "lsof: could not look, not installed: looked in /usr/bin");
    }
  }

  @Test
  void otherNotificationsAreSentAtOnce() throws Exception {
    try (EvidenceCollector collector = collector(this::witnesses)) {
      collector.send(
          addressed(
              notification("a", Reason.FIRST, Severity.WARNING),
              notification("b", Reason.RESOLVED, Severity.CRITICAL)));
      assertThat(next().id()).isEqualTo("a");
      assertThat(next().id()).isEqualTo("b");
      assertThat(looks).hasValue(0);
    }
  }

  @Test
  void severalCriticalAlerts_needOneLook() throws Exception {
    try (EvidenceCollector collector = collector(this::witnesses)) {
      collector.send(
          addressed(
              notification("a", Reason.FIRST, Severity.CRITICAL),
              notification("b", Reason.FIRST, Severity.CRITICAL)));
      next();
      next();
      assertThat(looks).hasValue(1);
    }
  }

  @Test
  void failingSourcesHoldNothingBack() throws Exception {
    try (EvidenceCollector collector =
        collector(
            limit -> {
              throw new IllegalStateException("a bug");
            })) {
      collector.send(addressed(notification("a", Reason.FIRST, Severity.CRITICAL)));
      collector.send(addressed(notification("a", Reason.RESOLVED, Severity.CRITICAL)));
      assertThat(next().reason()).isEqualTo(Reason.FIRST);
      assertThat(next().reason()).isEqualTo(Reason.RESOLVED);
    }
  }

  @Test
  void sendingDoesNotWaitAndKeepsTheOrder() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (EvidenceCollector collector =
        collector(
            limit -> {
              hang.await();
              return List.of();
            })) {
      for (int i = 0; i < 200; i++) {
        collector.send(addressed(notification("n" + i, Reason.FIRST, Severity.CRITICAL)));
      }
      hang.countDown();
      for (int i = 0; i < 200; i++) {
        assertThat(next().id()).isEqualTo("n" + i);
      }
    }
  }

  @Test
  void closeSendsWaitingNotifications() {
    EvidenceCollector collector = collector(limit -> List.of());
    collector.send(addressed(notification("a", Reason.FIRST, Severity.CRITICAL)));
    collector.close();
    assertThat(sent).extracting(Notification::id).containsExactly("a");
  }
}
