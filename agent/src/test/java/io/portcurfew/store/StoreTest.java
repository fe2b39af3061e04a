package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {

  @TempDir private Path folder;
  private StoreFixture saved;

  @BeforeEach
  void open() {
    saved = StoreFixture.in(folder);
  }

  @AfterEach
  void everyDeliveryIsAccountedFor() throws Exception {
    assertThat(saved.store.unbalanced()).isEmpty();
    saved.close();
  }

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
    saved.store.delivered("ops", first, 3);
    List<Notification> notifications = saved.sent;
    saved.restart();

    assertThat(saved.store.pending("log"))
        .extracting(Ledger.Pending::notification)
        .isEqualTo(notifications);
    assertThat(saved.pending("ops")).isEqualTo(saved.ids().subList(1, notifications.size()));
    assertThat(saved.store.pending("stranger")).isEmpty();
  }

  @Test
  void deadNotification_isNotPendingAndReportedForAnHour() throws Exception {
    saved.scan(611);
    saved.store.dead("ops", saved.sent.get(0), 1, "h:1 answered 404");

    assertThat(saved.pending("ops")).isEmpty();
    assertThat(saved.pending("log")).hasSize(1);
    assertThat(saved.store.state().refused()).containsExactly("ops: h:1 answered 404");
    saved.pass(Duration.ofMinutes(61));
    assertThat(saved.store.state().refused()).isEmpty();
  }

  @Test
  void foldedNotifications_areOnePendingSummaryAfterARestart() throws Exception {
    saved.scan(IntStream.rangeClosed(1, 300).toArray());
    List<Notification> all = saved.sent;
    Notification summary = SummaryFolding.of(all);
    saved.store.folded("ops", all, summary);
    saved.restart();

    assertThat(saved.store.pending("ops"))
        .extracting(Ledger.Pending::notification)
        .containsExactly(summary);
    assertThat(saved.pending("log")).hasSize(300);
    saved.store.delivered("ops", summary, 1);
    assertThat(saved.pending("ops")).isEmpty();
  }

  @Test
  void summary_comesWhereItsLastNotificationCame() throws Exception {
    List<Notification> before = saved.scan(9);
    List<Notification> opened = saved.scan(9, 1, 2);
    List<Notification> closed = saved.scan(9);
    Notification summary = SummaryFolding.of(opened);
    saved.store.folded("ops", opened, summary);
    saved.restart();
    assertThat(saved.pending("ops"))
        .containsExactly(before.get(0).id(), summary.id(), closed.get(0).id(), closed.get(1).id());

    List<Notification> both = List.of(before.get(0), summary);
    Notification all = SummaryFolding.of(both);
    saved.store.folded("ops", both, all);
    saved.restart();
    assertThat(saved.pending("ops"))
        .containsExactly(all.id(), closed.get(0).id(), closed.get(1).id());
  }

  @Test
  void orderlyStopOfThePreviousAgentIsKnown() throws Exception {
    assertThat(saved.store.start(Map.of())).as("there was none").isTrue();
    saved.restart();
    assertThat(saved.store.start(Map.of())).isFalse();
    saved.store.stop();
    saved.store.enter("silence", Map.of());
    saved.restart();
    assertThat(saved.store.start(Map.of())).isTrue();
  }

  @Test
  void ageOfPending_isRunningTimeNotWallClock() throws Exception {
    saved.scan(611);
    saved.pass(Duration.ofDays(3));
    saved.store.close();
    saved.now = saved.now.plus(Duration.ofDays(3650));
    saved.open();
    saved.elapsed = saved.elapsed.plus(Duration.ofHours(1));

    assertThat(saved.store.pending("ops").get(0).age()).isEqualTo(Duration.ofHours(73));
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
  void filesAreReadableByTheirOwnerOnly() throws Exception {
    saved.scan(611);
    for (String name : List.of("portcurfew.db", "portcurfew.db-wal", "portcurfew.db-shm", "key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void rowWithWrongSeal_isFoundAtTheStart() throws Exception {
    saved.scan(611);
    saved.store.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE alert SET state = 'RESOLVED', ends = 1");
    }
    saved.open();

    assertThat(saved.store.alerts().all()).isEmpty();
    assertThat(saved.store.state().damaged()).hasSize(1);
  }

  @Test
  void withoutTheKey_nothingIsTrusted() throws Exception {
    saved.scan(611);
    saved.store.close();
    Files.delete(folder.resolve("key"));
    saved.open();

    assertThat(saved.store.alerts().all()).isEmpty();
    assertThat(saved.store.state().damaged()).hasSize(1);
    saved.scan(611);
    saved.restart();
    assertThat(saved.store.state().damaged()).hasSize(1);
    assertThat(saved.store.alerts().all()).hasSize(1);
  }

  @Test
  void missingDatabase_isReported() throws Exception {
    saved.scan(611);
    saved.store.close();
    Files.delete(file());
    saved.open();

    assertThat(saved.store.state().damaged()).hasSize(1);
  }

  @Test
  void interruptedFirstStart_isNoDamage() throws Exception {
    saved.store.close();
    Files.delete(file());
    Files.move(folder.resolve("key"), folder.resolve("key.new"));
    Files.createFile(folder.resolve("portcurfew.db.new"));
    saved.open();

    assertThat(saved.store.state().damaged()).isEmpty();
    assertThat(saved.store.state().writable()).isTrue();
  }

  @Test
  void historyIsDeletedAfter90Days_butNotFiring() throws Exception {
    saved.scan(611, 612);
    saved.scan(611);
    saved.store.delivered("ops", saved.sent.get(0), 1);
    for (int day = 0; day < 92; day++) {
      saved.pass(Duration.ofDays(1));
      saved.store.maintain();
    }
    assertThat(count("alert")).isEqualTo(1);
    assertThat(count("notification")).isZero();
    assertThat(count("body")).isEqualTo(1);
  }

  @Test
  void startWithTheClockAhead_deletesNothing() throws Exception {
    saved.scan(611);
    saved.scan();
    for (int start = 0; start < 2; start++) {
      saved.store.close();
      saved.now = saved.now.plus(Duration.ofDays(3650));
      saved.open();
      runFor(Duration.ofDays(3));
      assertThat(count("alert")).isEqualTo(1);
    }
    saved.store.close();
    saved.now = saved.now.minus(Duration.ofDays(7300));
    saved.open();
    runFor(Duration.ofDays(92));
    assertThat(count("alert")).as("the clock is right again").isZero();
  }

  private void runFor(Duration time) {
    for (long hour = 0; hour < time.toHours(); hour++) {
      saved.pass(Duration.ofHours(1));
      saved.store.maintain();
    }
  }

  @Test
  void pendingForAReceiverThatIsGone_isGivenUpAfterEightDays() throws Exception {
    saved.scan(611);
    runFor(Duration.ofDays(7));
    assertThat(saved.pending("ops")).hasSize(1);
    runFor(Duration.ofDays(2));
    assertThat(saved.pending("ops")).isEmpty();
    assertThat(saved.store.state().refused()).isEmpty();
  }

  @Test
  void scanThatEndsAfterTheStoreWasClosed_isRepeatedByTheNextAgent() throws Exception {
    saved.scan(611);
    saved.store.close();
    saved.scan(611, 612);
    saved.open();
    assertThat(saved.scan(611, 612))
        .extracting(one -> one.alert().finding().endpoint().port(), Notification::reason)
        .containsExactly(tuple(612, Reason.FIRST));
  }

  @Test
  void clockSetForward_deletesNothing() throws Exception {
    saved.scan(611);
    saved.scan();
    saved.store.maintain();
    saved.now = saved.now.plus(Duration.ofDays(3650));
    saved.elapsed = saved.elapsed.plus(Duration.ofMinutes(6));
    saved.store.maintain();

    assertThat(count("alert")).isEqualTo(1);
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

    assertThat(count("sight")).isEqualTo(3);
    assertThat(sights())
        .containsExactly("22 12:00:01-12:00:03", "80 12:00:02-12:00:05", "80 12:00:05-");
  }

  @Test
  @HeavyLoad
  void tenThousandListeners_takeLessThan20Megabytes() throws Exception {
    saved.scan(IntStream.rangeClosed(1, 10_000).toArray());
    saved.store.folded("ops", saved.sent, SummaryFolding.of(saved.sent));
    saved.store.folded("log", saved.sent, SummaryFolding.of(saved.sent));
    saved.store.close();

    assertThat(Files.size(file())).isLessThan(20L << 20);
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
    return seen.endpoint().port() + " " + seen.first().toString().substring(11, 19) + "-" + last;
  }

  private long count(String table) throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Path file() {
    return folder.resolve("portcurfew.db");
  }
}
