package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The merging of pending notifications into one message. */
class OutboxFoldingTest extends OutboxFixture {

  @Test
  void tenThousandPending_allButTheFirstAreMerged() {
    Outbox outbox = outbox(answering(DELIVERED));
    for (int i = 0; i < Backlog.MOST + 3; i++) {
      outbox.add(List.of(one(i)));
    }
    assertThat(outbox.state()).isEqualTo(new OutboxState(5, Duration.ZERO, Backlog.MOST - 1, 0));
    assertThat(ledger.lines).singleElement().asString().startsWith("folded 9999 into ");

    deliver(outbox);
    assertThat(attempts).hasSize(5).startsWith("n0").endsWith("n10000", "n10001", "n10002");
  }

  @Test
  void moreThanTheBurst_isMergedAndDeliveredAtOnce() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    outbox.add(IntStream.range(0, 1_000).mapToObj(OutboxFoldingTest::one).toList());
    outbox.run();

    assertThat(delivered).hasSize(1);
    assertThat(delivered.get(0).summary().text())
        .isEqualTo("1,000 listeners opened by 3 executables");
    assertThat(delivered.get(0).summary().shown()).hasSize(Summary.MOST_SHOWN);
    assertThat(time.pauses).isEmpty();
    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 1_000, 0));
    assertThat(ledger.lines).hasSize(2);
  }

  @Test
  void criticalOnesOfEachGroup_passTheRateLimit() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    outbox.add(IntStream.range(0, 10).mapToObj(i -> critical(i, "/tmp/decoy")).toList());
    outbox.run();
    assertThat(time.pauses).isEmpty();

    List<Notification> more = new ArrayList<>();
    IntStream.range(10, 40).forEach(i -> more.add(critical(i, "/tmp/decoy")));
    more.add(critical(611, "/usr/bin/nc"));
    outbox.add(more);
    outbox.run();
    assertThat(delivered.subList(10, 12))
        .extracting(Notification::id)
        .containsExactly("n10", "n611");
    assertThat(delivered.subList(12, delivered.size()))
        .singleElement()
        .extracting(one -> one.summary().count())
        .isEqualTo(29);
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(10));
  }

  @Test
  void summary_wordsWhatHappened() {
    List<Notification> all = new ArrayList<>();
    all.add(kind(FindingKind.OPEN, 1));
    all.add(kind(FindingKind.EXPOSED, 2));
    all.add(kind(FindingKind.WRONG_OWNER, 3));
    all.add(kind(FindingKind.OWNER_UNKNOWN, 4));
    all.add(kind(FindingKind.OWNER_UNKNOWN, 5));
    all.add(kind(FindingKind.MISSING, 6));
    assertThat(Summary.of(all).text())
        .isEqualTo(
            "2 listeners opened, 1 listener has a changed owner, 2 listeners have an unknown owner,"
                + " 1 listener is missing");
    assertThat(Summary.of(all.subList(3, 5)).text()).isEqualTo("2 listeners have an unknown owner");
  }

  private static Notification kind(FindingKind kind, int number) {
    Finding like =
        SampleNotifications.finding(
            Severity.WARNING, new Endpoint(Protocol.TCP, Address.ANY_IPV4, number));
    Finding finding =
        Finding.ofEndpoint(
            kind,
            like.rule(),
            like.notifySettings(),
            like.endpoint(),
            like.message(),
            List.of(),
            List.of());
    Alert alert =
        new Alert("a" + number, AlertState.FIRING, finding, SampleNotifications.NOON, null);
    return new Notification("n" + number, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  @Test
  void criticalOnesOfManyGroups_areBounded() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 500).forEach(i -> all.add(critical(i, "/tmp/decoy" + i)));
    all.add(critical(611, "/usr/bin/nc", 0));
    outbox.add(all);
    outbox.run();
    assertThat(delivered).hasSize(RateLimit.USUAL.burst() / 2 + 2);
    assertThat(delivered).extracting(Notification::id).contains("n611");
  }

  @Test
  void criticalOnesOfOneUser_areBoundedUnderAllRulesTogether() {
    RateLimit rate = RateLimit.USUAL;
    CriticalPass pass = new CriticalPass(rate);
    List<Notification> passed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Notification one = critical("rule" + i % 4, i, "/tmp/decoy" + i, 1000);
      if (pass.isOpenTo(one, Duration.ZERO)) {
        pass.pass(one, Duration.ZERO);
        passed.add(one);
      }
    }
    assertThat(passed).hasSize(rate.burst() / 2);
    assertThat(pass.isOpenTo(critical("rule0", 611, "/usr/bin/nc", 0), Duration.ZERO)).isTrue();
  }

  @Test
  void endOfACriticalAlert_passesTheRateLimitToo() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> all.add(one(i)));
    Notification opened = critical(611, "/usr/bin/nc", 0);
    all.add(opened);
    all.add(new Notification("end", Reason.RESOLVED, opened.alert(), "web-1", "0123456789ab"));
    outbox.add(all);
    outbox.run();
    assertThat(delivered).extracting(Notification::id).startsWith("n611", "end").hasSize(3);
  }

  @Test
  void summary_namesEachUserBeforeManyProgramsOfOne() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 500).forEach(i -> all.add(critical(i, "/tmp/decoy" + i)));
    all.add(critical(611, "/usr/bin/nc", 0));
    assertThat(Summary.of(all).shown().subList(0, 2))
        .extracting(Notification::id)
        .containsExactly("n0", "n611");
  }

  @Test
  void summary_namesOneOfEachGroupFirst() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 300).forEach(i -> all.add(critical(i, "/tmp/decoy")));
    all.add(critical(611, "/usr/bin/nc"));
    all.add(one(612));
    assertThat(Summary.of(all).shown().subList(0, 3))
        .extracting(Notification::id)
        .containsExactly("n0", "n611", "n612");
  }

  private static Notification critical(int number, String executable) {
    return critical(number, executable, 1000);
  }

  private static Notification critical(int number, String executable, long uid) {
    return critical("npmp-gui", number, executable, uid);
  }

  private static Notification critical(String rule, int number, String executable, long uid) {
    Owner owner = new Owner(number + 1, null, HostText.of(executable), null, uid);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, number + 1);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            rule,
            NotifySettings.of(Severity.CRITICAL),
            endpoint,
            endpoint + " is open",
            List.of(owner),
            List.of());
    Alert alert =
        new Alert("a" + number, AlertState.FIRING, finding, SampleNotifications.NOON, null);
    return new Notification("n" + number, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  @Test
  void burstIsDelivered_laterOnesAreMergedAfterTenSeconds() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    outbox.add(IntStream.range(0, 10).mapToObj(OutboxFoldingTest::one).toList());
    outbox.run();
    outbox.add(IntStream.range(10, 15).mapToObj(OutboxFoldingTest::one).toList());
    outbox.run();

    assertThat(delivered).hasSize(11);
    assertThat(delivered.subList(0, 10)).extracting(Notification::summary).containsOnlyNulls();
    assertThat(delivered.get(10).summary().count()).isEqualTo(5);
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(10));
  }

  /** The agent before may have come to its end between the two. */
  @Test
  void possiblyDeliveredNotification_keepsItsId() {
    List<Notification> delivered = new ArrayList<>();
    IntStream.range(0, 30)
        .forEach(i -> ledger.pending.add(new Ledger.Pending(one(i), Duration.ofSeconds(9))));
    ConfiguredReceiver receiver =
        new ConfiguredReceiver(recording(delivered), ReceiverFilter.ALL, Grouping.USUAL);
    outbox(receiver, RateLimit.USUAL).run();

    assertThat(delivered).hasSize(2);
    assertThat(delivered.get(0).id()).isEqualTo("n0");
    assertThat(delivered.get(1).summary().count()).isEqualTo(29);
  }

  /** A receiver may have it all the same, and answer too late. */
  @Test
  void failedNotificationAtTheEnd_keepsItsId() {
    time.closing = true;
    List<Outbox> self = new ArrayList<>();
    self.add(
        outbox(
            notification -> {
              attempts.add(notification.id());
              self.get(0).add(List.of(warning("n2", "web", Reason.FIRST)));
              self.get(0).close();
              return RETRY;
            },
            Grouping.USUAL));
    self.get(0).add(List.of(warning("n1", "web", Reason.FIRST)));
    self.get(0).run();
    self.get(0).run();

    assertThat(attempts).containsExactly("n1", "n1");
    assertThat(ledger.lines).isEmpty();
  }

  private static Notifier recording(List<Notification> delivered) {
    return notification -> {
      delivered.add(notification);
      return DELIVERED;
    };
  }

  @Test
  void bucketIsFullAfterARest() {
    Outbox outbox = outbox(answering(DELIVERED), RateLimit.USUAL);
    for (int i = 0; i < 10; i++) {
      outbox.add(List.of(one(i)));
    }
    outbox.close();
    outbox.run();
    time.now = time.now.plusSeconds(100);
    assertThat(time.pauses).isEmpty();
    TokenBucket bucket = new TokenBucket(RateLimit.USUAL, Duration.ZERO);
    for (int i = 0; i < 10; i++) {
      bucket.take(Duration.ofSeconds(3));
    }
    assertThat(bucket.waitTime(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(8));
    assertThat(bucket.waitTime(Duration.ofSeconds(13))).isZero();
    bucket.take(Duration.ofSeconds(13));
    assertThat(bucket.waitTime(Duration.ofSeconds(13))).isEqualTo(Duration.ofSeconds(10));
    for (int i = 0; i < 10; i++) {
      bucket.take(Duration.ofSeconds(1000));
    }
    assertThat(bucket.waitTime(Duration.ofSeconds(1000))).isPositive();
  }

  @Test
  void restartIsOneMessage() {
    List<Notification> delivered =
        grouped(1, warning("n1", "web", Reason.RESOLVED), warning("n2", "web", Reason.FIRST));

    assertThat(delivered)
        .singleElement()
        .extracting(Notification::reason)
        .isEqualTo(Reason.SUMMARY);
    assertThat(delivered.get(0).summary().text())
        .isEqualTo("1 listener opened; 1 alert is resolved");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
    assertThat(ledger.lines)
        .containsExactly(
            "folded 2 into " + delivered.get(0).id(),
            "delivered " + delivered.get(0).id() + " at 1");
  }

  @Test
  void otherRules_areOtherMessages() {
    List<Notification> delivered =
        grouped(
            2,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "db", Reason.FIRST),
            warning("n3", "web", Reason.FIRST));

    assertThat(delivered.get(0).summary().count()).isEqualTo(2);
    assertThat(delivered.get(1).id()).isEqualTo("n2");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void criticalNotification_doesNotWaitAndKeepsTheOrder() {
    List<Notification> delivered =
        grouped(
            4,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "web", Reason.FIRST),
            SampleNotifications.first("n3"),
            warning("n4", "web", Reason.FIRST),
            warning("n5", "db", Reason.FIRST));

    assertThat(delivered.get(0).summary().count()).isEqualTo(2);
    assertThat(delivered).extracting(Notification::id).endsWith("n3", "n4", "n5");
    assertThat(time.pauses)
        .as("for those that came after it")
        .containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void close_endsTheGroupWait() {
    Outbox outbox = outbox(answering(DELIVERED), Grouping.USUAL);
    outbox.add(List.of(warning("n1", "web", Reason.FIRST)));
    outbox.close();
    outbox.run();
    assertThat(attempts).containsExactly("n1");
    assertThat(time.pauses).isEmpty();
  }

  /** The first notifications that were delivered, so many. */
  private List<Notification> grouped(int count, Notification... all) {
    List<Notification> delivered = new ArrayList<>();
    List<Outbox> self = new ArrayList<>();
    self.add(
        outbox(
            notification -> {
              delivered.add(notification);
              if (delivered.size() == count) {
                self.get(0).close();
              }
              return DELIVERED;
            },
            Grouping.USUAL));
    self.get(0).add(List.of(all));
    self.get(0).run();
    return delivered;
  }

  private static Notification warning(String id, String rule, Reason reason) {
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            rule,
            NotifySettings.of(Severity.WARNING),
            SampleNotifications.NPMP,
            "open",
            List.of(),
            List.of());
    boolean over = reason == Reason.RESOLVED;
    Alert alert =
        new Alert(
            "a" + id,
            over ? AlertState.RESOLVED : AlertState.FIRING,
            finding,
            SampleNotifications.NOON,
            over ? SampleNotifications.NOON : null);
    return new Notification(id, reason, alert, "web-1", "0123456789ab");
  }

  /** One of many, by one of three programs. */
  private static Notification one(int number) {
    Owner owner = new Owner(number + 1, null, HostText.of("/bin/p" + number % 3), null, null);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, number % 65_535 + 1);
    Finding finding = SampleNotifications.finding(Severity.WARNING, endpoint, owner);
    Alert alert =
        new Alert("a" + number, AlertState.FIRING, finding, SampleNotifications.NOON, null);
    return new Notification("n" + number, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  @Test
  void summariesOfOtherNotifications_haveOtherIds() {
    Notification a = SampleNotifications.first("a");
    Notification z = SampleNotifications.first("z");
    String one = Notification.of(List.of(a, SampleNotifications.first("b"), z)).id();
    String other = Notification.of(List.of(a, SampleNotifications.first("c"), z)).id();

    assertThat(one).isNotEqualTo(other);
    assertThat(Notification.of(List.of(a, SampleNotifications.first("b"), z)).id()).isEqualTo(one);
  }
}
