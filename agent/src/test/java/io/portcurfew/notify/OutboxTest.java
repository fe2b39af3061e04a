package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each notification, in which order and when. */
class OutboxTest extends OutboxFixture {

  @Test
  void whatIsNotTakenIsTriedAgainBeforeTheNextIsTold() {
    tell(outbox(answering(LATER, LATER, TOLD, TOLD)), "n1", "n2");

    assertThat(attempts).containsExactly("n1", "n1", "n1", "n2");
    assertThat(outcomes).containsExactly(LATER, LATER, TOLD, TOLD);
  }

  @Test
  void thePausesDoubleAndBeginAnewWithTheNext() {
    tell(outbox(answering(LATER, LATER, LATER, TOLD, LATER, TOLD)), "n1", "n2");

    List<Duration> pauses = time.pauses;
    assertThat(pauses).hasSize(4);
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(pauses.get(3)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  @Test
  void theReceiversOwnWishForTimeCounts() {
    Duration asked = Duration.ofMinutes(7);
    tell(outbox(answering(new Delivery.Retry("busy", asked), TOLD)), "n1");

    assertThat(time.pauses).containsExactly(asked);
  }

  @Test
  void whatIsRefusedIsDroppedWithAWarning() {
    tell(outbox(answering(NEVER, TOLD)), "n1", "n2");

    assertThat(attempts).containsExactly("n1", "n2");
    assertThat(log()).containsExactly("WARN receiver ops will not be told n1: h:1 answered 404");
  }

  @Test
  void afterSevenDaysItIsGivenUpAndTheNextStillHasItsTry() {
    Outbox outbox = outbox(answering(LATER));
    tell(outbox, "n1", "n2");

    assertThat(time.now).isBetween(Outbox.GIVE_UP, Outbox.GIVE_UP.plus(Backoff.MOST));
    Delivery givenUp = new Delivery.Refused("given up after 7 days: h:1 answered 503");
    assertThat(outcomes).filteredOn(givenUp::equals).hasSize(2);
    assertThat(outcomes).endsWith(givenUp, givenUp);
    assertThat(attempts).endsWith("n1", "n2");
    assertThat(outbox.state().pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7 * 24})
  void afterAReceiverWasDownForLongAllIsToldInOrder(long hours) {
    Duration down = Duration.ofHours(hours);
    Notifier notifier =
        notification -> {
          Delivery answer = time.now.compareTo(down) < 0 ? LATER : TOLD;
          if (answer == TOLD) {
            attempts.add(notification.id());
          }
          return answer;
        };
    List<String> ids = IntStream.range(0, 500).mapToObj(i -> "n" + i).toList();
    tell(outbox(notifier), ids.toArray(String[]::new));

    assertThat(attempts).isEqualTo(ids);
    assertThat(time.now).isBetween(down, down.plus(Backoff.MOST));
    assertThat(ledger.lines).hasSize(500).allMatch(line -> line.startsWith("delivered "));
  }

  @Test
  void aLongFailureIsThreeLinesOfLog() {
    tell(outbox(answering(LATER, LATER, LATER, LATER, TOLD)), "n1");

    assertThat(log())
        .containsExactly(
            "WARN receiver ops was not told n1, trying again: h:1 answered 503",
            "INFO receiver ops was told n1 at attempt 5");
  }

  @Test
  void aFaultOfOurOwnDoesNotStopTheOthers() {
    List<Delivery> later = new ArrayList<>(List.of(TOLD));
    Notifier notifier =
        notification -> {
          if (notification.id().equals("n1")) {
            throw new IllegalStateException("bug");
          }
          return later.remove(0);
        };
    tell(outbox(notifier), "n1", "n2");

    assertThat(outcomes)
        .containsExactly(new Delivery.Refused("a fault of our own: IllegalStateException"), TOLD);
    assertThat(log().get(0)).startsWith("ERROR ");
  }

  @Test
  void whatComesOfEachIsWrittenDownBeforeTheNextIsTold() {
    tell(outbox(answering(LATER, TOLD, NEVER)), "n1", "n2");

    assertThat(ledger.lines).containsExactly("delivered n1 at 2", "dead n2 at 1: h:1 answered 404");
  }

  @Test
  void whatThePreviousAgentDidNotTellComesFirstAndKeepsItsAge() {
    Duration age = Outbox.GIVE_UP.minusSeconds(10);
    ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n0"), age));
    Outbox outbox = outbox(answering(LATER, LATER, LATER, LATER, LATER, LATER, TOLD));
    assertThat(outbox.state()).isEqualTo(new OutboxState(1, age, 0, 0));
    tell(outbox, "n1");

    assertThat(outcomes).contains(new Delivery.Refused("given up after 7 days: h:1 answered 503"));
    assertThat(attempts).startsWith("n0").endsWith("n1");
  }

  @Test
  void theStateTellsHowLongTheFirstHasWaited() {
    Outbox outbox = outbox(answering(TOLD));
    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));

    outbox.add(List.of(SampleNotifications.first("n1")));
    time.now = Duration.ofSeconds(10);
    outbox.add(List.of(SampleNotifications.first("n2")));
    time.now = Duration.ofSeconds(15);

    assertThat(outbox.state()).isEqualTo(new OutboxState(2, Duration.ofSeconds(15), 0, 0));
  }

  @Test
  void whatIsBeingToldStillWaits() {
    List<OutboxState> during = new ArrayList<>();
    List<Outbox> self = new ArrayList<>();
    Outbox outbox =
        outbox(
            notification -> {
              during.add(self.get(0).state());
              return TOLD;
            });
    self.add(outbox);
    tell(outbox, "n1");

    assertThat(during).extracting(OutboxState::pending).containsExactly(1);
    assertThat(outbox.state().pending()).isZero();
  }

  @Test
  void aReceiverThatIsDownAtTheEndKeepsWhatItWasNotTold() {
    time.closing = true;
    Outbox outbox = outbox(answering(LATER));
    tell(outbox, "n1", "n2");

    assertThat(attempts).containsExactly("n1");
    assertThat(outbox.state().pending()).isEqualTo(2);
  }

  @Test
  void whatComesAfterTheEndWaitsInTheLedger() {
    Outbox outbox = outbox(answering(TOLD));
    outbox.close();
    outbox.add(List.of(SampleNotifications.first()));

    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));
  }
}
