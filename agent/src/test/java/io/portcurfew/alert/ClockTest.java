package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.scan;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clock steps back and forth while listeners come and go: no flood and no lost resolution. */
class ClockTest {

  private static final int SCANS = 400;
  private static final Duration APART = Duration.ofMinutes(3);
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofDays(1),
          Duration.ofDays(-1),
          Duration.ofDays(3650),
          Duration.ofDays(-3650),
          Duration.ofSeconds(-20));

  private final Set<Integer> open = new HashSet<>();
  private final Set<String> firing = new HashSet<>();
  private Alerts alerts = Alerts.NONE;
  private int notifications;
  private int changes;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void clockStep_repeatsEachAlertAtMostOnce(long seed) {
    Random random = new Random(seed);
    Instant now = SampleSnapshots.NOON;
    int jumps = 0;
    for (int i = 0; i < SCANS; i++) {
      now = now.plus(APART);
      if (random.nextInt(10) == 0) {
        now = now.plus(JUMPS.get(random.nextInt(JUMPS.size())));
        jumps++;
      }
      if (random.nextInt(4) == 0) {
        toggle(random.nextInt(5) + 1);
      }
      see(now);
    }
    open.clear();
    see(now.plus(APART));
    see(now.plus(APART).plus(NotificationState.WINDOW));

    assertThat(firing).as("alerts without a resolution").isEmpty();
    assertThat(alerts.open()).isEmpty();
    int days = (int) APART.multipliedBy(SCANS).toDays() + 1;
    assertThat(notifications).isLessThanOrEqualTo(changes + 5 * (jumps + days));
  }

  private void toggle(int port) {
    changes++;
    if (!open.remove(port)) {
      open.add(port);
    }
  }

  private void see(Instant now) {
    List<Finding> findings = new ArrayList<>();
    open.forEach(port -> findings.add(SampleSnapshots.of(FindingKind.OPEN, "r", tcp(port))));
    AlertChanges seen = scan(alerts, now, true, findings);
    alerts = seen.after();
    notifications += seen.toNotify().size();
    for (AlertChanges.Change change : seen.toNotify()) {
      String id = change.alert().id();
      if (change.reason() == Reason.RESOLVED) {
        assertThat(firing.remove(id)).as("notified before: " + id).isTrue();
      } else {
        firing.add(id);
      }
    }
  }
}
