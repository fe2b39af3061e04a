package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.finding;
import static io.portcurfew.alert.SampleSnapshots.scan;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of alerts on random histories: blind scans, steps back of the clock, floods. */
class AlertsLawTest {

  private static final int SCANS = 400;
  private static final List<FindingKind> KINDS = List.of(FindingKind.values());
  private static final List<Severity> SEVERITIES = List.of(Severity.values());

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 611, 1994, 20261123})
  void alerts_fireAndResolveOnce(long seed) {
    Random random = new Random(seed);
    Alerts alerts = Alerts.NONE;
    Instant now = SampleSnapshots.NOON;
    Map<String, Alert> notified = new HashMap<>();
    Set<String> ended = new HashSet<>();
    Set<String> flapping = new HashSet<>();
    for (int i = 0; i < SCANS; i++) {
      now = now.plusSeconds(random.nextInt(10) == 0 ? -random.nextInt(300) : random.nextInt(400));
      boolean complete = random.nextInt(4) > 0;
      List<Finding> findings = findings(random);

      AlertChanges changes = scan(alerts, now, complete, findings);

      assertThat(changes)
          .as("order of findings")
          .isEqualTo(scan(alerts, now, complete, shuffled(findings, random)));
      for (Alert alert : changes.fired()) {
        assertThat(notified.put(alert.id(), alert)).as("notified before").isNull();
        assertThat(findings).contains(alert.finding());
      }
      for (Alert alert : changes.alerts(Reason.FLAPPING)) {
        notified.put(alert.id(), alert);
        assertThat(flapping.add(alert.id())).as("notified once as flapping").isTrue();
      }
      for (Alert alert : changes.resolved()) {
        assertThat(complete).as("resolved by an incomplete scan").isTrue();
        assertThat(notified).containsKey(alert.id());
        assertThat(ended.add(alert.id())).as("ended once").isTrue();
        assertThat(alert.endsAt()).isAfterOrEqualTo(notified.get(alert.id()).startsAt());
        assertThat(findings).extracting(AlertKey::of).doesNotContain(alert.key());
      }
      alerts = changes.after();
      assertThat(firing(alerts))
          .as("notified and not resolved")
          .isEqualTo(without(notified.keySet(), ended));
    }
    assertThat(ended).as("the history has both").hasSizeGreaterThan(20);
  }

  private static List<Finding> findings(Random random) {
    List<Finding> findings = new ArrayList<>();
    for (int port = 609; port < 615; port++) {
      if (random.nextInt(3) > 0) {
        FindingKind kind = oneOf(KINDS, random);
        Severity severity = oneOf(SEVERITIES, random);
        Duration holdFor = Duration.ofSeconds(random.nextInt(2) * 15L);
        findings.add(finding(kind, "rule", tcp(port), severity, holdFor));
      }
    }
    return findings;
  }

  private static <T> T oneOf(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static List<Finding> shuffled(List<Finding> findings, Random random) {
    List<Finding> shuffled = new ArrayList<>(findings);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static Set<String> firing(Alerts alerts) {
    Set<String> ids = new HashSet<>();
    alerts.open().values().stream()
        .filter(alert -> alert.state() == AlertState.FIRING)
        .forEach(alert -> ids.add(alert.id()));
    return ids;
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
