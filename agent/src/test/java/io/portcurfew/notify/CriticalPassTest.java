package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Critical notifications beyond the rate limit. */
class CriticalPassTest extends OutboxFixture {

  @Test
  void criticalNotificationsOfEachGroup_passTheRateLimit() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    outbox.add(
        IntStream.range(0, 10)
            .mapToObj(i -> NumberedNotifications.critical(i, "/tmp/decoy", 1000))
            .toList());
    outbox.run();
    assertThat(time.pauses).isEmpty();

    List<Notification> more = new ArrayList<>();
    IntStream.range(10, 40)
        .forEach(i -> more.add(NumberedNotifications.critical(i, "/tmp/decoy", 1000)));
    more.add(NumberedNotifications.critical(611, "/usr/bin/nc", 1000));
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
  void criticalNotificationsOfManyGroups_areBounded() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 500)
        .forEach(i -> all.add(NumberedNotifications.critical(i, "/tmp/decoy" + i, 1000)));
    all.add(NumberedNotifications.critical(611, "/usr/bin/nc", 0));
    outbox.add(all);
    outbox.run();
    assertThat(delivered).hasSize(RateLimit.USUAL.burst() / 2 + 2);
    assertThat(delivered).extracting(Notification::id).contains("n611");
  }

  @Test
  void criticalNotificationsOfOneUser_areBoundedUnderAllRulesTogether() {
    RateLimit rate = RateLimit.USUAL;
    CriticalPass pass = new CriticalPass(rate);
    List<Notification> passed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Notification one = NumberedNotifications.critical("rule" + i % 4, i, "/tmp/decoy" + i, 1000);
      if (pass.isOpenTo(one, Duration.ZERO)) {
        pass.pass(one, Duration.ZERO);
        passed.add(one);
      }
    }
    assertThat(passed).hasSize(rate.burst() / 2);
    assertThat(
            pass.isOpenTo(
                NumberedNotifications.critical("rule0", 611, "/usr/bin/nc", 0), Duration.ZERO))
        .isTrue();
  }

  @Test
  void endOfACriticalAlert_passesTheRateLimitToo() {
    List<Notification> delivered = new ArrayList<>();
    Outbox outbox = outbox(recording(delivered), RateLimit.USUAL);
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> all.add(NumberedNotifications.warning(i)));
    Notification opened = NumberedNotifications.critical(611, "/usr/bin/nc", 0);
    all.add(opened);
    all.add(new Notification("end", Reason.RESOLVED, opened.alert(), "web-1", "0123456789ab"));
    outbox.add(all);
    outbox.run();
    assertThat(delivered).extracting(Notification::id).startsWith("n611", "end").hasSize(3);
  }
}
