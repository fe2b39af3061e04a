package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.receivers.SteppedPagerduty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More alerts end than one summary lists. */
class ManyEndsTest extends OutboxFixture {

  private static final int MANY = 300;

  private final List<Notification> delivered = new ArrayList<>();
  private int failures;
  private Set<String> all;

  @BeforeEach
  void name() {
    all = IntStream.range(0, MANY).mapToObj(i -> "a" + i).collect(Collectors.toSet());
  }

  @Test
  void receiverThatWasDown_getsTheEndOfEachAlertThatItWasSent() {
    Outbox outbox = outbox(this::answer, RateLimit.USUAL);
    fireAndEndWhileDown(outbox);

    assertThat(ended(delivered)).isEqualTo(all);
    assertThat(delivered.size()).as("a burst of messages").isLessThan(10);
    assertThat(delivered).allMatch(one -> listed(one).size() <= Summary.MOST_SHOWN);
    assertThat(outbox.state().pending()).isZero();
    assertThat(ledger.lines)
        .filteredOn(line -> line.startsWith("delivered"))
        .hasSize(delivered.size());
  }

  @Test
  void eachIncidentOfPagerduty_isResolved() {
    fireAndEndWhileDown(outbox(SteppedPagerduty.to(this::answer), RateLimit.USUAL));
    assertThat(NumberedNotifications.ended(delivered)).isEqualTo(all);
  }

  @Test
  void webhookNamesEachEnd() {
    fireAndEndWhileDown(outbox(this::answer, RateLimit.USUAL));
    Set<Object> resolved = new HashSet<>();
    for (Notification one : delivered) {
      for (Object alert : (List<?>) AlertPayload.of(one, "ops", "portcurfew/1").get("alerts")) {
        if (((Map<?, ?>) alert).get("status").equals("resolved")) {
          resolved.add(((Map<?, ?>) alert).get("fingerprint"));
        }
      }
    }
    assertThat(resolved).isEqualTo(all);
  }

  @Test
  void groupOfManyEnds_isSeveralSummaries() {
    Outbox outbox = outbox(this::answer, Grouping.USUAL);
    fireAndEndWhileDown(outbox);
    assertThat(ended(delivered)).isEqualTo(all);
  }

  /** An agent that has restarted cannot know what the one before it sent. */
  @Test
  void pendingEndsOfAnEarlierRun_areAllDelivered() {
    for (int i = 0; i < MANY; i++) {
      Notification end = NumberedNotifications.ended(NumberedNotifications.warning(i));
      ledger.pending.add(new Ledger.Pending(end, Duration.ofSeconds(9)));
    }
    outbox(this::answer, RateLimit.USUAL).run();
    assertThat(ended(delivered)).isEqualTo(all);
  }

  @Test
  void alertsThatWereNeverSent_areOneMessage() {
    Outbox outbox = outbox(this::answer, RateLimit.USUAL);
    List<Notification> fired =
        IntStream.range(0, MANY).mapToObj(NumberedNotifications::warning).toList();
    outbox.add(fired.subList(0, 10));
    outbox.run();
    outbox.add(fired.subList(10, MANY));
    outbox.add(fired.subList(10, MANY).stream().map(NumberedNotifications::ended).toList());
    outbox.run();
    assertThat(delivered).hasSize(11);
    assertThat(delivered.get(10).summary().count()).isEqualTo(2 * (MANY - 10));
    assertThat(outbox.state().pending()).isZero();
  }

  /** Nobody can fill the queue of a receiver with ends, nor hold back what fires. */
  @Test
  void floodOfAlertsThatEnd_staysBounded() {
    Backlog backlog = new Backlog("ops", ledger, Duration.ZERO);
    for (int round = 0; round < 30; round++) {
      List<Notification> flood = flood(1_000 * round);
      flood.forEach(one -> backlog.add(one, Duration.ZERO));
      sendOne(backlog);
      assertThat(backlog.counts(0).pending()).isLessThanOrEqualTo(MANY);
      flood.forEach(one -> backlog.add(NumberedNotifications.ended(one), Duration.ZERO));
    }
    flood(40_000).forEach(one -> backlog.add(one, Duration.ZERO));
    Notification other = NumberedNotifications.critical(50_000, "/usr/bin/nc", 0);
    backlog.add(other, Duration.ZERO);
    sendOne(backlog);
    assertThat(listed(delivered.get(delivered.size() - 1))).contains(other);
    while (!backlog.isEmpty()) {
      sendOne(backlog);
    }
    assertThat(ended(delivered)).isEqualTo(sent(delivered.subList(0, 30)));
  }

  private static List<Notification> flood(int first) {
    return IntStream.range(first, first + 900)
        .mapToObj(i -> NumberedNotifications.critical(i, "/tmp/decoy", 1000))
        .toList();
  }

  private void sendOne(Backlog backlog) {
    backlog.stayWithin(1);
    delivered.add(backlog.take().notification());
    backlog.removeFirst();
  }

  private Delivery answer(Notification one) {
    if (failures > 0) {
      failures--;
      return RETRY;
    }
    delivered.add(one);
    return DELIVERED;
  }

  /** In each of two rounds fewer alerts begin than a summary lists. */
  private void fireAndEndWhileDown(Outbox outbox) {
    List<Notification> fired =
        IntStream.range(0, MANY).mapToObj(NumberedNotifications::warning).toList();
    outbox.add(fired.subList(0, MANY / 2));
    outbox.run();
    outbox.add(fired.subList(MANY / 2, MANY));
    outbox.run();
    assertThat(sent(delivered)).isEqualTo(all);
    delivered.clear();
    ledger.lines.clear();
    failures = 3;
    outbox.add(fired.stream().map(NumberedNotifications::ended).toList());
    outbox.run();
  }

  private static List<Notification> listed(Notification one) {
    Summary summary = one.summary();
    return summary == null ? List.of(one) : summary.shown();
  }

  private static Set<String> sent(List<Notification> messages) {
    return messages.stream()
        .flatMap(one -> listed(one).stream())
        .filter(one -> one.reason() == Reason.FIRST)
        .map(one -> one.alert().id())
        .collect(Collectors.toSet());
  }

  private static Set<String> ended(List<Notification> messages) {
    return NumberedNotifications.ended(
        messages.stream().flatMap(one -> listed(one).stream()).toList());
  }
}
