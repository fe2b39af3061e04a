package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Kind;
import io.portcurfew.judge.Severity;
import io.portcurfew.judge.Telling;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One receiver on virtual time and on the thread of the test: it ends by closing what is empty. */
@Timeout(30)
class OutboxTest {

  private static final Delivery TOLD = new Delivery.Delivered();
  private static final Delivery LATER = new Delivery.Retry("h:1 answered 503", null);
  private static final Delivery NEVER = new Delivery.Refused("h:1 answered 404");

  private final List<String> attempts = new ArrayList<>();
  private final List<Delivery> outcomes = new ArrayList<>();
  private final Noted ledger = new Noted();
  private final VirtualTime time = new VirtualTime();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Outbox.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  /** Jumps over each pause. */
  private static final class VirtualTime implements Timing {

    final List<Duration> pauses = new ArrayList<>();
    Duration now = Duration.ZERO;
    boolean closing;

    @Override
    public Duration elapsed() {
      return now;
    }

    @Override
    public boolean pause(Duration pause, CountDownLatch end) {
      pauses.add(pause);
      now = now.plus(pause);
      return !closing;
    }
  }

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
  void whenTenThousandWaitAllButTheFirstAreFolded() {
    Outbox outbox = outbox(answering(TOLD));
    for (int i = 0; i < Backlog.MOST + 3; i++) {
      outbox.add(List.of(one(i)));
    }
    assertThat(outbox.state()).isEqualTo(new OutboxState(5, Duration.ZERO, Backlog.MOST - 1, 0));
    assertThat(ledger.lines).singleElement().asString().startsWith("folded 9999 into ");

    tell(outbox);
    assertThat(attempts).hasSize(5).startsWith("n0").endsWith("n10000", "n10001", "n10002");
  }

  @Test
  void moreThanThereAreTurnsForIsToldInOneAndAtOnce() {
    List<Notification> told = new ArrayList<>();
    Outbox outbox = outbox(noting(told), Rate.USUAL);
    outbox.add(IntStream.range(0, 1_000).mapToObj(OutboxTest::one).toList());
    outbox.run();

    assertThat(told).hasSize(1);
    assertThat(told.get(0).summary().text()).isEqualTo("1,000 listeners opened by 3 executables");
    assertThat(told.get(0).summary().shown()).hasSize(Summary.MOST_SHOWN);
    assertThat(time.pauses).isEmpty();
    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 1_000, 0));
    assertThat(ledger.lines).hasSize(2);
  }

  @Test
  void tenGoOutAtOnceAndWhatFollowsInOneTenSecondsLater() {
    List<Notification> told = new ArrayList<>();
    Outbox outbox = outbox(noting(told), Rate.USUAL);
    outbox.add(IntStream.range(0, 10).mapToObj(OutboxTest::one).toList());
    outbox.run();
    outbox.add(IntStream.range(10, 15).mapToObj(OutboxTest::one).toList());
    outbox.run();

    assertThat(told).hasSize(11);
    assertThat(told.subList(0, 10)).extracting(Notification::summary).containsOnlyNulls();
    assertThat(told.get(10).summary().count()).isEqualTo(5);
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(10));
  }

  /** The agent before may have come to its end between the two. */
  @Test
  void whatMayHaveBeenToldAlreadyKeepsItsId() {
    List<Notification> told = new ArrayList<>();
    IntStream.range(0, 30)
        .forEach(i -> ledger.pending.add(new Ledger.Pending(one(i), Duration.ofSeconds(9))));
    Recipient recipient = new Recipient(noting(told), Wants.ALL, Grouping.USUAL);
    outbox(recipient, Rate.USUAL).run();

    assertThat(told).hasSize(2);
    assertThat(told.get(0).id()).isEqualTo("n0");
    assertThat(told.get(1).summary().count()).isEqualTo(29);
  }

  private static Notifier noting(List<Notification> told) {
    return notification -> {
      told.add(notification);
      return TOLD;
    };
  }

  @Test
  void afterARestThereAreTenTurnsAgain() {
    Outbox outbox = outbox(answering(TOLD), Rate.USUAL);
    for (int i = 0; i < 10; i++) {
      outbox.add(List.of(one(i)));
    }
    outbox.close();
    outbox.run();
    time.now = time.now.plusSeconds(100);
    assertThat(time.pauses).isEmpty();
    Turns turns = new Turns(Rate.USUAL, Duration.ZERO);
    for (int i = 0; i < 10; i++) {
      turns.take(Duration.ofSeconds(3));
    }
    assertThat(turns.until(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(8));
    assertThat(turns.until(Duration.ofSeconds(13))).isZero();
    turns.take(Duration.ofSeconds(13));
    assertThat(turns.until(Duration.ofSeconds(13))).isEqualTo(Duration.ofSeconds(10));
    for (int i = 0; i < 10; i++) {
      turns.take(Duration.ofSeconds(1000));
    }
    assertThat(turns.until(Duration.ofSeconds(1000))).isPositive();
  }

  @Test
  void whatComesOfEachIsWrittenDownBeforeTheNextIsTold() {
    tell(outbox(answering(LATER, TOLD, NEVER)), "n1", "n2");

    assertThat(ledger.lines).containsExactly("delivered n1 at 2", "dead n2 at 1: h:1 answered 404");
  }

  @Test
  void whatThePreviousAgentDidNotTellComesFirstAndKeepsItsAge() {
    Duration age = Outbox.GIVE_UP.minusSeconds(10);
    ledger.pending.add(new Ledger.Pending(Told.first("n0"), age));
    Outbox outbox = outbox(answering(LATER, LATER, LATER, LATER, LATER, LATER, TOLD));
    assertThat(outbox.state()).isEqualTo(new OutboxState(1, age, 0, 0));
    tell(outbox, "n1");

    assertThat(outcomes).contains(new Delivery.Refused("given up after 7 days: h:1 answered 503"));
    assertThat(attempts).startsWith("n0").endsWith("n1");
  }

  @Test
  void aRestartIsOneMessage() {
    List<Notification> told =
        grouped(1, warning("n1", "web", Reason.RESOLVED), warning("n2", "web", Reason.FIRST));

    assertThat(told).singleElement().extracting(Notification::reason).isEqualTo(Reason.SUMMARY);
    assertThat(told.get(0).summary().text()).isEqualTo("1 listener opened; 1 alert is over");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
    assertThat(ledger.lines)
        .containsExactly(
            "folded 2 into " + told.get(0).id(), "delivered " + told.get(0).id() + " at 1");
  }

  @Test
  void otherRulesAreOtherMessagesAndOneAloneStaysAsItIs() {
    List<Notification> told =
        grouped(
            2,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "db", Reason.FIRST),
            warning("n3", "web", Reason.FIRST));

    assertThat(told.get(0).summary().count()).isEqualTo(2);
    assertThat(told.get(1).id()).isEqualTo("n2");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void whatIsCriticalDoesNotWaitAndNothingIsToldBeforeWhatHappenedEarlier() {
    List<Notification> told =
        grouped(
            4,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "web", Reason.FIRST),
            Told.first("n3"),
            warning("n4", "web", Reason.FIRST),
            warning("n5", "db", Reason.FIRST));

    assertThat(told.get(0).summary().count()).isEqualTo(2);
    assertThat(told).extracting(Notification::id).endsWith("n3", "n4", "n5");
    assertThat(time.pauses)
        .as("for those that came after it")
        .containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void atTheEndNothingWaitsForItsGroup() {
    Outbox outbox = outbox(answering(TOLD), Grouping.USUAL);
    outbox.add(List.of(warning("n1", "web", Reason.FIRST)));
    outbox.close();
    outbox.run();
    assertThat(attempts).containsExactly("n1");
    assertThat(time.pauses).isEmpty();
  }

  /** What is told until so many were. */
  private List<Notification> grouped(int count, Notification... all) {
    List<Notification> told = new ArrayList<>();
    List<Outbox> self = new ArrayList<>();
    self.add(
        outbox(
            notification -> {
              told.add(notification);
              if (told.size() == count) {
                self.get(0).close();
              }
              return TOLD;
            },
            Grouping.USUAL));
    self.get(0).add(List.of(all));
    self.get(0).run();
    return told;
  }

  private static Notification warning(String id, String rule, Reason reason) {
    Finding finding =
        new Finding(
            Kind.OPEN, rule, Telling.of(Severity.WARNING), Told.NPMP, "open", List.of(), List.of());
    boolean over = reason == Reason.RESOLVED;
    Alert alert =
        new Alert(
            "a" + id,
            over ? AlertState.RESOLVED : AlertState.FIRING,
            finding,
            Told.NOON,
            over ? Told.NOON : null);
    return new Notification(id, reason, alert, "web-1", "0123456789ab");
  }

  /** One of many, by one of three programs. */
  private static Notification one(int number) {
    Owner owner = new Owner(number + 1, null, HostText.of("/bin/p" + number % 3), null, null);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, number % 65_535 + 1);
    Finding finding = Told.finding(Severity.WARNING, endpoint, owner);
    Alert alert = new Alert("a" + number, AlertState.FIRING, finding, Told.NOON, null);
    return new Notification("n" + number, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  @Test
  void theStateTellsHowLongTheFirstHasWaited() {
    Outbox outbox = outbox(answering(TOLD));
    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));

    outbox.add(List.of(Told.first("n1")));
    time.now = Duration.ofSeconds(10);
    outbox.add(List.of(Told.first("n2")));
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
    outbox.add(List.of(Told.first()));

    assertThat(outbox.state()).isEqualTo(new OutboxState(0, null, 0, 0));
  }

  private static void tell(Outbox outbox, String... ids) {
    for (String id : ids) {
      outbox.add(List.of(Told.first(id)));
    }
    outbox.close();
    outbox.run();
  }

  private Outbox outbox(Notifier notifier) {
    return outbox(notifier, Rate.UNLIMITED);
  }

  private Outbox outbox(Notifier notifier, Rate rate) {
    return outbox(Recipient.ofAll(notifier), rate);
  }

  private Outbox outbox(Notifier notifier, Grouping grouping) {
    return outbox(new Recipient(notifier, Wants.ALL, grouping), Rate.UNLIMITED);
  }

  private Outbox outbox(Recipient recipient, Rate rate) {
    DeliveryListener listener = (receiver, outcome) -> outcomes.add(outcome);
    return new Outbox(
        "ops", recipient, new Outbox.Post(listener, ledger, rate, time, new Random(611)));
  }

  /** Answers so in turn, and with the last for ever. */
  private Notifier answering(Delivery... answers) {
    Iterator<Delivery> next = List.of(answers).iterator();
    Delivery last = answers[answers.length - 1];
    return notification -> {
      attempts.add(notification.id());
      return next.hasNext() ? next.next() : last;
    };
  }

  private List<String> log() {
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
