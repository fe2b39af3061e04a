package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.NC;
import static io.portcurfew.baseline.LearningFixture.SHIPPED;
import static io.portcurfew.baseline.LearningFixture.SSHD;
import static io.portcurfew.judge.SampleListeners.NOON;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.baseline.LearningPeriod.PastListener;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LearningPeriodTest {

  private static final Instant FROM = NOON.minus(Duration.ofDays(7));
  private static final Endpoint SSH = tcp("0.0.0.0", 22);
  private static final Endpoint JOB = tcp("127.0.0.1", 7000);

  private static PastListener past(
      Endpoint endpoint, Owner owner, int daysAgo, @Nullable Integer hours) {
    Instant first = NOON.minus(Duration.ofDays(daysAgo));
    Instant last = hours == null ? null : first.plus(Duration.ofHours(hours));
    return new PastListener(endpoint, List.of(owner), first, last);
  }

  private static LearnedBaseline learn(Snapshot now, PastListener... history) {
    LearningPeriod period = LearningPeriod.of(List.of(history), FROM, NOON);
    LearningInput input = new LearningInput(SHIPPED, List.of()).during(period);
    Snapshot all = period.addTo(now);
    return Learning.of(input, all, Judge.judge(SHIPPED, all, List.of()), false);
  }

  private static String because(LearnedBaseline baseline, int port) {
    return rule(baseline, port).because();
  }

  private static Rule rule(LearnedBaseline baseline, int port) {
    return baseline.rules().stream()
        .filter(rule -> rule.scope().ports().get(0).contains(port))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void reasonSaysHowOftenAListenerWasOpen() {
    LearnedBaseline learned =
        learn(
            seen(held(SSH, SSHD)),
            past(SSH, SSHD, 20, null),
            past(JOB, NC, 3, 1),
            past(JOB, NC, 2, 1),
            past(JOB, NC, 1, 1));
    assertThat(because(learned, 22)).endsWith("; opened once, open on 8 of 8 days");
    assertThat(because(learned, 7000)).endsWith("; opened 3 times, open on 3 of 8 days");
    assertThat(learned.gaps()).isEmpty();
  }

  @Test
  void listenerOfOneDayIsMarked() {
    LearnedBaseline learned =
        learn(seen(held(SSH, SSHD)), past(SSH, SSHD, 9, null), past(JOB, NC, 3, 1));
    assertThat(because(learned, 7000))
        .contains(
            "; REVIEW: opened once, on "
                + NOON.minus(Duration.ofDays(3)).toString().substring(0, 10));
  }

  @Test
  void everyOwnerOfThePeriodIsLearned() {
    LearnedBaseline learned =
        learn(seen(held(SSH, SSHD)), past(SSH, NC, 9, 24 * 5), past(SSH, SSHD, 4, null));
    assertThat(rule(learned, 22).terms().by())
        .extracting(OwnerTerm::toString)
        .containsExactly("/usr/bin/nc as nobody", "/usr/sbin/sshd as root");
  }

  @Test
  void forbiddenListener_isNotLearned() {
    LearnedBaseline learned =
        learn(seen(held(SSH, SSHD)), past(SSH, SSHD, 9, null), past(tcp("0.0.0.0", 611), NC, 2, 1));
    assertThat(learned.rules()).hasSize(1);
    assertThat(learned.notApproved()).singleElement().asString().contains("0.0.0.0:611");
  }

  @Test
  void listenerFromBeforeThePeriodIsNotLearned() {
    LearnedBaseline learned =
        learn(seen(held(SSH, SSHD)), past(SSH, SSHD, 30, null), past(JOB, NC, 20, 1));
    assertThat(LearningFixture.names(learned)).containsExactly("sshd-22");
  }

  @Test
  void historyThatBeginsLaterIsAGap() {
    assertThat(learn(seen(held(SSH, SSHD)), past(SSH, SSHD, 2, null)).gaps())
        .singleElement()
        .asString()
        .startsWith("history: the history begins at ");
    assertThat(learn(seen(held(SSH, SSHD))).gaps()).hasSize(1);
  }

  @Test
  void oneMomentHasNoPeriod() {
    assertThat(because(LearningFixture.learn(held(SSH, SSHD)), 22)).doesNotContain("open");
  }
}
