package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.look;
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

/** A clock that is set, back and forth, while listeners come and go: no storm, no lost end. */
class ClockTest {

  private static final int LOOKS = 400;
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
  private Alerts book = Alerts.NONE;
  private int told;
  private int changes;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyEndIsToldOnceAndASetClockRepeatsEachAlertOnceAtMost(long seed) {
    Random random = new Random(seed);
    Instant now = SampleSnapshots.NOON;
    int jumps = 0;
    for (int i = 0; i < LOOKS; i++) {
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

    assertThat(firing).as("whose end was not told").isEmpty();
    assertThat(book.open()).isEmpty();
    int days = (int) APART.multipliedBy(LOOKS).toDays() + 1;
    assertThat(told).isLessThanOrEqualTo(changes + 5 * (jumps + days));
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
    AlertChanges seen = look(book, now, true, findings);
    book = seen.after();
    told += seen.told().size();
    for (AlertChanges.Change change : seen.told()) {
      String id = change.alert().id();
      if (change.reason() == Reason.RESOLVED) {
        assertThat(firing.remove(id)).as("told before: " + id).isTrue();
      } else {
        firing.add(id);
      }
    }
  }
}
