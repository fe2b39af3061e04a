package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An outbox whose pending notifications cannot be read at first. */
class UnreadableLedgerOutboxTest extends OutboxFixture {

  private static final Notification FIRST = SampleNotifications.first("n1");
  private static final Notification END = SampleNotifications.resolved();

  private Outbox unreadable() {
    ledger.unreadable = true;
    return outbox(answering(DELIVERED));
  }

  private void saved(Notification one) {
    ledger.pending.add(new Ledger.Pending(one, Duration.ofMinutes(3)));
  }

  @Test
  void pendingNotifications_areReadAgain() {
    saved(FIRST);
    Outbox outbox = unreadable();
    assertThat(outbox.readLedgerAgain()).isTrue();
    outbox.run();
    assertThat(attempts).isEmpty();

    ledger.unreadable = false;
    assertThat(outbox.readLedgerAgain()).isTrue();
    outbox.run();
    assertThat(attempts).containsExactly("n1");
    assertThat(outbox.readLedgerAgain()).as("it was read").isFalse();
  }

  @Test
  void endOfAnEarlierAlert_waitsForItsBeginning() {
    saved(FIRST);
    Outbox outbox = unreadable();
    saved(END);
    outbox.add(List.of(END));
    outbox.run();
    assertThat(attempts).isEmpty();
    assertThat(outbox.state().pending()).isEqualTo(1);

    ledger.unreadable = false;
    outbox.readLedgerAgain();
    outbox.run();
    assertThat(attempts).containsExactly("n1", "n2");
    assertThat(outbox.state().pending()).isZero();
  }

  @Test
  void alertThatBeginsMeanwhile_doesNotWait() {
    Outbox outbox = unreadable();
    outbox.add(List.of(FIRST));
    outbox.run();
    outbox.add(List.of(END));
    outbox.run();
    assertThat(attempts).containsExactly("n1", "n2");
  }

  @Test
  void ledgerThatStaysUnreadable_delaysAnEndByAMinute() {
    Outbox outbox = unreadable();
    outbox.add(List.of(END));
    time.now = time.now.plus(HeldNotifications.LONGEST).minusSeconds(1);
    outbox.readLedgerAgain();
    outbox.run();
    assertThat(attempts).isEmpty();

    time.now = time.now.plusSeconds(1);
    outbox.readLedgerAgain();
    outbox.run();
    assertThat(attempts).containsExactly("n2");
  }

  @Test
  void heldNotification_comesOnceWhenAnAttemptRuns() {
    saved(FIRST);
    Outbox[] outbox = new Outbox[1];
    ledger.unreadable = true;
    outbox[0] =
        outbox(
            one -> {
              attempts.add(one.id());
              // Read while the first attempt runs.
              ledger.unreadable = false;
              outbox[0].readLedgerAgain();
              return DELIVERED;
            });
    outbox[0].add(List.of(END, SampleNotifications.first("n9")));
    outbox[0].run();
    assertThat(attempts).containsExactly("n9", "n1", "n2");
  }
}
