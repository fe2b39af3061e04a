package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outcome, order and time of each notification. */
class OutboxTest extends OutboxFixture {

  @Test
  void failedNotificationIsRetriedBeforeTheNext() {
    deliver(outbox(answering(RETRY, RETRY, DELIVERED, DELIVERED)), "n1", "n2");

    assertThat(attempts).containsExactly("n1", "n1", "n1", "n2");
    assertThat(outcomes).containsExactly(RETRY, RETRY, DELIVERED, DELIVERED);
  }

  @Test
  void pausesDouble_andStartAnewWithTheNext() {
    deliver(outbox(answering(RETRY, RETRY, RETRY, DELIVERED, RETRY, DELIVERED)), "n1", "n2");

    List<Duration> pauses = time.pauses;
    assertThat(pauses).hasSize(4);
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(pauses.get(3)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  @Test
  void retryAfterOfTheReceiverCounts() {
    Duration asked = Duration.ofMinutes(7);
    deliver(outbox(answering(new Delivery.Retry("busy", asked), DELIVERED)), "n1");

    assertThat(time.pauses).containsExactly(asked);
  }

  @Test
  void refusedNotification_isDroppedWithAWarning() {
    deliver(outbox(answering(REFUSED, DELIVERED)), "n1", "n2");

    assertThat(attempts).containsExactly("n1", "n2");
    assertThat(log())
        .containsExactly("WARN giving up on notification n1 to receiver ops: h:1 answered 404");
  }

  @Test
  void notificationIsGivenUpAfterSevenDays() {
    Outbox outbox = outbox(answering(RETRY));
    deliver(outbox, "n1", "n2");

    assertThat(time.now).isBetween(Outbox.GIVE_UP, Outbox.GIVE_UP.plus(Backoff.MOST));
    Delivery givenUp = new Delivery.Refused("given up after 7 days: h:1 answered 503");
    assertThat(outcomes).filteredOn(givenUp::equals).hasSize(2);
    assertThat(outcomes).endsWith(givenUp, givenUp);
    assertThat(attempts).endsWith("n1", "n2");
    assertThat(outbox.state().pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7 * 24})
  void receiverDownForLong_getsAllInOrder(long hours) {
    Duration down = Duration.ofHours(hours);
    Notifier notifier =
        notification -> {
          Delivery answer = time.now.compareTo(down) < 0 ? RETRY : DELIVERED;
          if (answer == DELIVERED) {
            attempts.add(notification.id());
          }
          return answer;
        };
    List<String> ids = IntStream.range(0, 500).mapToObj(i -> "n" + i).toList();
    deliver(outbox(notifier), ids.toArray(String[]::new));

    assertThat(attempts).isEqualTo(ids);
    assertThat(time.now).isBetween(down, down.plus(Backoff.MOST));
    assertThat(ledger.lines).hasSize(500).allMatch(line -> line.startsWith("delivered "));
  }

  @Test
  void longFailure_isTwoLinesOfLog() {
    deliver(outbox(answering(RETRY, RETRY, RETRY, RETRY, DELIVERED)), "n1");

    assertThat(log())
        .containsExactly(
            "WARN notification n1 to receiver ops failed, retrying: h:1 answered 503",
            "INFO notification n1 to receiver ops delivered at attempt 5");
  }

  @Test
  void internalError_doesNotStopTheOthers() {
    List<Delivery> later = new ArrayList<>(List.of(DELIVERED));
    Notifier notifier =
        notification -> {
          if (notification.id().equals("n1")) {
            throw new IllegalStateException("bug");
          }
          return later.remove(0);
        };
    deliver(outbox(notifier), "n1", "n2");

    assertThat(outcomes)
        .containsExactly(
            new Delivery.Refused("internal error of the agent; its log has the details"),
            DELIVERED);
    assertThat(log().get(0)).startsWith("ERROR ");
  }

  @Test
  void outcomeIsRecordedBeforeTheNextAttempt() {
    deliver(outbox(answering(RETRY, DELIVERED, REFUSED)), "n1", "n2");

    assertThat(ledger.lines).containsExactly("delivered n1 at 2", "dead n2 at 1: h:1 answered 404");
  }

  @Test
  void pendingOfThePreviousRun_comesFirstAndKeepsItsAge() {
    Duration age = Outbox.GIVE_UP.minusSeconds(10);
    ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n0"), age));
    Outbox outbox = outbox(answering(RETRY, RETRY, RETRY, RETRY, RETRY, RETRY, DELIVERED));
    assertThat(outbox.state()).isEqualTo(new OutboxState(1, age, 0, 0));
    deliver(outbox, "n1");

    assertThat(outcomes).contains(new Delivery.Refused("given up after 7 days: h:1 answered 503"));
    assertThat(attempts).startsWith("n0").endsWith("n1");
  }

  @Test
  void notificationOfTheLedger_isNotDeliveredAgain() {
    ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n0"), Duration.ZERO));
    Outbox outbox = outbox(answering(DELIVERED));
    outbox.run();
    deliver(outbox, "n0", "n1");

    assertThat(attempts).containsExactly("n0", "n1");
  }

  @Test
  void state_hasTheAgeOfTheFirst() {
    Outbox outbox = outbox(answering(DELIVERED));
    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));

    outbox.add(List.of(SampleNotifications.first("n1")));
    time.now = Duration.ofSeconds(10);
    outbox.add(List.of(SampleNotifications.first("n2")));
    time.now = Duration.ofSeconds(15);

    assertThat(outbox.state()).isEqualTo(new OutboxState(2, Duration.ofSeconds(15), 0, 0));
  }

  @Test
  void runningAttempt_isPending() {
    List<OutboxState> during = new ArrayList<>();
    List<Outbox> self = new ArrayList<>();
    Outbox outbox =
        outbox(
            notification -> {
              during.add(self.get(0).state());
              return DELIVERED;
            });
    self.add(outbox);
    deliver(outbox, "n1");

    assertThat(during).extracting(OutboxState::pending).containsExactly(1);
    assertThat(outbox.state().pending()).isZero();
  }

  @Test
  void receiverDownAtTheEnd_keepsItsPending() {
    time.closing = true;
    Outbox outbox = outbox(answering(RETRY));
    deliver(outbox, "n1", "n2");

    assertThat(attempts).containsExactly("n1");
    assertThat(outbox.state().pending()).isEqualTo(2);
  }

  @Test
  void afterClose_notificationsStayInTheLedger() {
    Outbox outbox = outbox(answering(DELIVERED));
    outbox.close();
    outbox.add(List.of(SampleNotifications.first()));

    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));
  }
}
