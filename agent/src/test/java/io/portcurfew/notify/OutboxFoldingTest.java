package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

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
      outbox.add(List.of(NumberedNotifications.warning(i)));
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
    outbox.add(IntStream.range(0, 1_000).mapToObj(NumberedNotifications::warning).toList());
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
  void burstIsDelivered_laterOnesAreMergedAfterTenSeconds() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    outbox.add(IntStream.range(0, 10).mapToObj(NumberedNotifications::warning).toList());
    outbox.run();
    outbox.add(IntStream.range(10, 15).mapToObj(NumberedNotifications::warning).toList());
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
        .forEach(
            i ->
                ledger.pending.add(
                    new Ledger.Pending(NumberedNotifications.warning(i), Duration.ofSeconds(9))));
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
              self.get(0).add(List.of(NumberedNotifications.warning(2)));
              self.get(0).close();
              return RETRY;
            },
            Grouping.USUAL));
    self.get(0).add(List.of(NumberedNotifications.warning(1)));
    self.get(0).run();
    self.get(0).run();

    assertThat(attempts).containsExactly("n1", "n1");
    assertThat(ledger.lines).isEmpty();
  }
}
