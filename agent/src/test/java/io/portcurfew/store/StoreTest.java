package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoreTest extends OpenedStore {

  @Test
  void restart_keepsAlertsAndNotifiesNothingTwice() throws Exception {
    saved.scan(611, 612);
    saved.scan(611);
    var before = saved.store.alerts();
    saved.restart();

    assertThat(saved.store.alerts()).isEqualTo(before);
    assertThat(saved.scan(611)).isEmpty();
  }

  @Test
  void endedWhileNoAgentRan_isResolvedWithTheSameId() throws Exception {
    String id = saved.scan(611).get(0).alert().id();
    saved.restart();

    assertThat(saved.scan()).extracting(Notification::reason).containsExactly(Reason.RESOLVED);
    assertThat(saved.sent).extracting(one -> one.alert().id()).containsOnly(id);
  }

  @Test
  void undelivered_isPendingAfterARestartInOrder() throws Exception {
    saved.scan(611, 612);
    saved.scan(612, 613);
    Notification first = saved.sent.get(0);
    saved.store.ledger().delivered("ops", first, 3);
    List<Notification> notifications = saved.sent;
    saved.restart();

    assertThat(saved.store.ledger().pending("log").orElseThrow())
        .extracting(Ledger.Pending::notification)
        .isEqualTo(notifications);
    assertThat(saved.pending("ops")).isEqualTo(saved.ids().subList(1, notifications.size()));
    assertThat(saved.store.ledger().pending("stranger").orElseThrow()).isEmpty();
  }

  @Test
  void deadNotification_isNotPendingAndReportedForAnHour() throws Exception {
    saved.scan(611);
    saved.store.ledger().dead("ops", saved.sent.get(0), 1, "h:1 answered 404");

    assertThat(saved.pending("ops")).isEmpty();
    assertThat(saved.pending("log")).hasSize(1);
    assertThat(saved.store.state().refused()).containsExactly("ops: h:1 answered 404");
    saved.restart();
    assertThat(saved.store.state().refused()).containsExactly("ops: h:1 answered 404");
    saved.pass(Duration.ofMinutes(61));
    assertThat(saved.store.state().refused()).isEmpty();
  }

  @Test
  void foldedNotifications_areOnePendingSummaryAfterARestart() throws Exception {
    saved.scan(IntStream.rangeClosed(1, 300).toArray());
    List<Notification> all = saved.sent;
    Notification summary = SummaryFolding.of(all);
    saved.store.ledger().folded("ops", all, summary);
    saved.restart();

    assertThat(saved.store.ledger().pending("ops").orElseThrow())
        .extracting(Ledger.Pending::notification)
        .containsExactly(summary);
    assertThat(saved.pending("log")).hasSize(300);
    saved.store.ledger().delivered("ops", summary, 1);
    assertThat(saved.pending("ops")).isEmpty();
  }

  @Test
  void summary_comesWhereItsLastNotificationCame() throws Exception {
    List<Notification> before = saved.scan(9);
    List<Notification> opened = saved.scan(9, 1, 2);
    List<Notification> closed = saved.scan(9);
    Notification summary = SummaryFolding.of(opened);
    saved.store.ledger().folded("ops", opened, summary);
    saved.restart();
    assertThat(saved.pending("ops"))
        .containsExactly(before.get(0).id(), summary.id(), closed.get(0).id(), closed.get(1).id());

    List<Notification> both = List.of(before.get(0), summary);
    Notification all = SummaryFolding.of(both);
    saved.store.ledger().folded("ops", both, all);
    saved.restart();
    assertThat(saved.pending("ops"))
        .containsExactly(all.id(), closed.get(0).id(), closed.get(1).id());
  }

  @Test
  void orderlyStopOfThePreviousAgentIsKnown() throws Exception {
    assertThat(saved.store.audit().start(Map.of())).as("there was none").isTrue();
    saved.restart();
    assertThat(saved.store.audit().start(Map.of())).isFalse();
    saved.store.audit().stop();
    saved.store.audit().enter("silence", Map.of());
    saved.restart();
    assertThat(saved.store.audit().start(Map.of())).isTrue();
  }

  @Test
  void ageOfPending_isRunningTimeNotWallClock() throws Exception {
    saved.scan(611);
    saved.pass(Duration.ofDays(3));
    saved.store.close();
    saved.now = saved.now.plus(Duration.ofDays(3650));
    saved.open();
    saved.elapsed = saved.elapsed.plus(Duration.ofHours(1));

    assertThat(saved.store.ledger().pending("ops").orElseThrow().get(0).age())
        .isEqualTo(Duration.ofHours(73));
  }

  @Test
  void droppedPendingAlert_leavesNothing() throws Exception {
    saved.scan(611);
    saved.scan();
    saved.pass(Duration.ofMinutes(20));
    saved.restart();

    assertThat(saved.store.alerts().all()).isEmpty();
  }

  @Test
  void scanAfterTheStoreClosed_isLeftToTheNextAgent() throws Exception {
    saved.scan(611);
    saved.store.close();
    saved.scan(611, 612);
    saved.open();
    assertThat(saved.scan(611, 612))
        .extracting(one -> one.alert().finding().endpoint().port(), Notification::reason)
        .containsExactly(tuple(612, Reason.FIRST));
  }

  @Test
  void listenersHaveFirstAndLastTimeAndOwners() throws Exception {
    Listener ssh = listener(22, "/usr/sbin/sshd");
    Listener web = listener(80, "/usr/sbin/nginx");
    see(List.of(ssh));
    see(List.of(ssh, web));
    see(List.of(ssh, web));
    saved.restart();
    see(List.of(web));
    see(List.of(listener(80, "/usr/sbin/apache2")));

    assertThat(saved.count("sight")).isEqualTo(3);
    assertThat(sights())
        .containsExactly("22 12:00:01-12:00:03", "80 12:00:02-12:00:05", "80 12:00:05-");
  }

  @Test
  @HeavyLoad
  void tenThousandListeners_takeLessThan20Megabytes() throws Exception {
    saved.scan(IntStream.rangeClosed(1, 10_000).toArray());
    saved.store.ledger().folded("ops", saved.sent, SummaryFolding.of(saved.sent));
    saved.store.ledger().folded("log", saved.sent, SummaryFolding.of(saved.sent));
    saved.store.close();

    assertThat(Files.size(saved.file())).isLessThan(20L << 20);
    saved.open();
    assertThat(saved.store.alerts().open()).hasSize(10_000);
  }

  private void see(List<Listener> listeners) {
    saved.pass(Duration.ofSeconds(1));
    saved.store.saveListeners(saved.snapshot(listeners));
  }

  private static Listener listener(int port, String executable) {
    var finding = StoreFixture.finding(port);
    var owner = new Owner(7, null, HostText.of(executable), null, 0L);
    return new Listener(finding.endpoint(), null, List.of(owner), "sock_diag");
  }

  private List<String> sights() throws Exception {
    try (History history = History.in(folder)) {
      return history.listeners(StoreFixture.NOON).stream().map(StoreTest::line).toList();
    }
  }

  private static String line(History.ListenerEntry seen) {
    String last = seen.last() == null ? "" : seen.last().toString().substring(11, 19);
    return ((Endpoint) seen.place()).port()
        + " "
        + seen.first().toString().substring(11, 19)
        + "-"
        + last;
  }
}
