package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.SSHD;
import static io.portcurfew.baseline.LearningFixture.learn;
import static io.portcurfew.baseline.LearningFixture.only;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import io.portcurfew.policy.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The owner terms of learned rules. */
class OwnerTermsTest {

  private static Owner with(Owner owner, OwnerDetails details) {
    return owner.with(details);
  }

  private static OwnerDetails details(
      Boolean deleted, Boolean elsewhere, String unit, String container) {
    return OwnerDetails.builder()
        .deleted(deleted)
        .elsewhere(elsewhere)
        .unit(unit == null ? null : HostText.of(unit))
        .container(container == null ? null : Container.of(HostText.of(container)))
        .build();
  }

  @Test
  void uncheckableExecutableIsNoTerm() {
    for (OwnerDetails details :
        List.of(details(true, null, null, null), details(false, true, null, null))) {
      Rule rule = only(learn(held(tcp("0.0.0.0", 22), with(SSHD, details))));
      assertThat(rule.terms().by()).containsExactly(new OwnerTerm(null, "root"));
      assertThat(rule.because()).contains("any executable is allowed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ssh.service, ssh.service",
    "user@1000.service/app.service, user@1000.service/app.service",
    "session-7.scope,",
    "user@1000.service/app-1234.scope,"
  })
  void onlyUnitsWithAStableNameAreLearned(String unit, String learned) {
    Owner owner = with(SSHD, details(false, false, unit, null));
    assertThat(only(learn(held(tcp("0.0.0.0", 22), owner))).terms().by().get(0).unit())
        .isEqualTo(learned);
  }

  @Test
  void pathWithPatternCharactersIsEscaped() {
    Owner star = owner(1, "/opt/*/a[?]", "root");
    PathPattern path = only(learn(held(tcp("0.0.0.0", 22), star))).terms().by().get(0).executable();
    assertThat(path.fits("/opt/*/a[?]")).isTrue();
    assertThat(path.fits("/opt/x/a[?]")).isFalse();
  }

  @Test
  void unseenOwnerIsAGap() {
    Owner unknown = Owner.of(7);
    for (Listener listener :
        List.of(held(tcp("0.0.0.0", 22)), held(tcp("0.0.0.0", 22), SSHD, unknown))) {
      LearnedBaseline baseline = learn(listener);
      assertThat(baseline.gaps()).containsExactly("tcp 0.0.0.0:22: its owner was not seen");
      assertThat(only(baseline).terms().by()).isEmpty();
      assertThat(only(baseline).because()).contains("its owner was not seen");
    }
  }
}
