package io.portcurfew.policy;

import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.SampleListeners;
import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Listener;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NotifySettingsTest {

  private static final URI RUNBOOK = URI.create("https://wiki.example.org/r");

  private static NotifySettings waiting(Duration holdFor) {
    return new NotifySettings(
        Severity.INFO, "reasons", holdFor, new TreeMap<>(Map.of("team", "web")), RUNBOOK);
  }

  private static Rule notifySettings(Rule rule, NotifySettings notifySettings) {
    return new Rule(rule.name(), rule.scope(), rule.expect(), rule.terms(), notifySettings);
  }

  @Test
  void onlyMissingFindingsWaitByDefault() {
    NotifySettings silent = NotifySettings.of(Severity.WARNING);
    for (FindingKind kind : FindingKind.values()) {
      assertThat(silent.holdFor(kind))
          .isEqualTo(kind == FindingKind.MISSING ? Duration.ofSeconds(30) : Duration.ZERO);
      assertThat(waiting(Duration.ofMinutes(5)).holdFor(kind)).isEqualTo(Duration.ofMinutes(5));
      assertThat(waiting(Duration.ZERO).holdFor(kind)).isZero();
    }
  }

  @Test
  void findingIsNotifiedAsItsRuleSays() {
    NotifySettings notifySettings = waiting(Duration.ofMinutes(5));
    Policy policy =
        SampleListeners.allowing(
            notifySettings(SampleListeners.closed("shut", 611), notifySettings),
            notifySettings(SampleListeners.required("up", 80), notifySettings));
    Judgement judgement =
        Judge.judge(policy, seen(held(tcp("::1", 611)), held(tcp("::1", 80))), List.of());
    assertThat(judgement.findings())
        .extracting(Finding::kind)
        .contains(FindingKind.OPEN, FindingKind.MISSING);
    assertThat(judgement.findings())
        .allSatisfy(finding -> assertThat(finding.notifySettings()).isEqualTo(notifySettings));
  }

  @Test
  void hiddenListener_isNotifiedAtOnceAsItsRuleSays() {
    Listener listener = held(tcp("::1", 611));
    Policy policy =
        SampleListeners.allowing(
            notifySettings(SampleListeners.allowed("web", 611), waiting(Duration.ofHours(1))));
    Disagreement hidden =
        new Disagreement(
            listener.endpoint(), new TreeSet<>(List.of("ss")), new TreeSet<>(List.of("oshi")));
    assertThat(Judge.judge(policy, seen(listener), List.of(hidden)).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(FindingKind.HIDDEN);
              assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
              assertThat(finding.holdFor()).isZero();
              assertThat(finding.notifySettings().labels()).containsEntry("team", "web");
              assertThat(finding.notifySettings().runbook()).isEqualTo(RUNBOOK);
            });
  }
}
