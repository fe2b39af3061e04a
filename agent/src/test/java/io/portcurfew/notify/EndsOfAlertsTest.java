package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.SampleSnapshots;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A receiver gets the resolution of an alert exactly if it was notified of the alert, on random
 * histories in which rules change their severity while alerts fire and silences come and go.
 */
class EndsOfAlertsTest {

  private static final int SCANS = 600;
  private static final List<Severity> SEVERITIES = List.of(Severity.values());

  private final List<ReceiverFilter> receivers = new ArrayList<>();
  private final Map<ReceiverFilter, Set<String>> notified = new HashMap<>();
  private int ends;

  @BeforeEach
  void receivers() {
    for (Severity severity : SEVERITIES) {
      receivers.add(new ReceiverFilter(true, severity, new TreeMap<>()));
      TreeMap<String, String> match = new TreeMap<>(Map.of("severity", severity.label()));
      receivers.add(new ReceiverFilter(true, Severity.INFO, match));
    }
    receivers.forEach(filter -> notified.put(filter, new HashSet<>()));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 611, 20261123})
  void exactlyTheNotifiedReceiversGetTheResolution(long seed) {
    Random random = new Random(seed);
    Alerts alerts = Alerts.NONE;
    Instant now = SampleSnapshots.NOON;
    List<Silence> silences = List.of();
    for (int i = 0; i < SCANS; i++) {
      now = now.plusSeconds(random.nextInt(20_000));
      silences = random.nextInt(8) == 0 ? silences(random, now) : silences;
      Judgement judgement = new Judgement(Map.of(), findings(random), Map.of(), true);
      AlertChanges changes =
          alerts.update(
              judgement,
              SampleSnapshots.snapshot("web-1", now, true),
              now,
              SampleSnapshots.DAY,
              Silences.at(now, silences));
      alerts = changes.after();
      NotificationFactory.of(changes, "web-1", "0123456789ab").forEach(this::deliver);
    }
    assertThat(ends).isGreaterThan(100);
  }

  private void deliver(Notification one) {
    String id = one.alert().id();
    for (ReceiverFilter receiver : receivers) {
      if (one.reason() == Reason.RESOLVED) {
        assertThat(receiver.takes(one)).isEqualTo(notified.get(receiver).remove(id));
        ends++;
      } else if (receiver.takes(one)) {
        notified.get(receiver).add(id);
      }
    }
  }

  private static List<Silence> silences(Random random, Instant now) {
    Instant until = now.plusSeconds(1 + random.nextInt(60_000));
    return List.of(
        new Silence("s", null, SampleSnapshots.tcp(port(random)), now, until, "ann", "x"));
  }

  private static List<Finding> findings(Random random) {
    Map<Integer, Finding> findings = new TreeMap<>();
    for (int i = 0; i < 9; i++) {
      int port = port(random);
      Severity severity = SEVERITIES.get(random.nextInt(SEVERITIES.size()));
      findings.put(
          port,
          SampleSnapshots.finding(
              FindingKind.OPEN, "rule", SampleSnapshots.tcp(port), severity, Duration.ZERO));
    }
    return List.copyOf(findings.values());
  }

  private static int port(Random random) {
    return 611 + random.nextInt(6);
  }
}
