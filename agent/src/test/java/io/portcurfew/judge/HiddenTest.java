package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The listeners that a source hides, and those that a sweep finds. */
class HiddenTest {

  private static Judgement judge(Policy policy, Snapshot snapshot) {
    return Judge.judge(policy, snapshot, List.of());
  }

  @Test
  void hiddenListener_isAFindingBesideItsRules() {
    Disagreement hidden =
        new Disagreement(
            tcp("::", 8080), new TreeSet<>(Set.of("oshi")), new TreeSet<>(Set.of("ss")));
    Judgement judgement =
        Judge.judge(allowing(allowed("web", 8080)), seen(held(tcp("::", 8080))), List.of(hidden));
    assertThat(judgement.findings())
        .extracting(Finding::kind, Finding::rule, Finding::severity)
        .containsExactly(tuple(FindingKind.HIDDEN, "web", Severity.CRITICAL));
    assertThat(judgement.findings().get(0).evidence()).contains("not shown by ss");
    assertThat(judgement.rulings())
        .containsEntry(tcp("::", 8080), new Ruling(Verdict.FINDING, "web"));
  }

  @Test
  void closedListener_isNoLongerHidden() {
    Disagreement hidden =
        new Disagreement(
            tcp("::", 8080), new TreeSet<>(Set.of("oshi")), new TreeSet<>(Set.of("ss")));
    assertThat(Judge.judge(allowing(), seen(), List.of(hidden)).findings()).isEmpty();
  }

  private static CrossCheck swept(Endpoint... unexplained) {
    Gap gap = SweepResult.gap("2 ports could not be tried");
    return CrossCheck.NONE.swept(
        new SweepResult(262140, List.of(unexplained), List.of(gap), Duration.ofSeconds(9)));
  }

  @Test
  void usedPortThatNoSourceShows_isHidden() {
    Judgement judgement =
        Judge.judge(
            allowing(allowed("web", 8080)), seen(), swept(tcp("0.0.0.0", 31337), udp("::", 8080)));
    assertThat(judgement.findings())
        .extracting(Finding::kind, Finding::severity, Finding::rule, Finding::message)
        .containsExactly(
            tuple(
                FindingKind.HIDDEN,
                Severity.CRITICAL,
                "web",
                "udp port 8080 is taken, but no source shows a listener"),
            tuple(
                FindingKind.HIDDEN,
                Severity.CRITICAL,
                Policy.DEFAULT,
                "tcp port 31337 is taken, but no source shows a listener"));
    assertThat(judgement.findings().get(1).evidence())
        .contains("binding to tcp 0.0.0.0:31337 failed repeatedly: address in use");
    assertThat(judgement.hasBreach()).isTrue();
    assertThat(judgement.rulings()).isEmpty();
    assertThat(judgement.compliance()).containsEntry("web", Trilean.NO);
  }

  @Test
  void untriedPort_isNoHiddenPort() {
    Snapshot scan = swept().complete(partlySeen());
    assertThat(scan.gaps()).hasSize(2);
    assertThat(judge(allowing(), scan).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.evidence()).containsExactly("oshi: cannot read /proc/net/tcp"));
  }

  @Test
  void usedPortShownByALaterScan_isNotHidden() {
    CrossCheck swept = swept(tcp("0.0.0.0", 8080), tcp("::", 8080));
    assertThat(Judge.judge(allowing(), seen(held(tcp("10.0.0.1", 8080))), swept).findings())
        .extracting(Finding::endpoint)
        .containsExactly(tcp("::", 8080));
    assertThat(Judge.judge(allowing(), seen(held(tcp("::", 8080))), swept).findings()).isEmpty();
    assertThat(Judge.judge(allowing(), seen(held(udp("::", 8080))), swept).findings()).hasSize(2);
  }
}
