package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.NOON;
import static io.portcurfew.alert.SampleSnapshots.NPMP;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResolutionMessageTest {

  private static String message(FindingType kind, boolean listens, Duration lasted) {
    boolean ofAgent = !kind.isAboutHost();
    Finding finding =
        SampleSnapshots.finding(
            kind, "npmp-gui", ofAgent ? null : NPMP, Severity.WARNING, Duration.ZERO);
    Alert alert = new Alert("a1", AlertState.FIRING, finding, NOON, null);
    Snapshot empty = SampleSnapshots.snapshot("web-1", NOON, true);
    Snapshot seen =
        new Snapshot(
            empty.host(),
            empty.takenAt(),
            true,
            listens ? List.of(new Listener(NPMP, null, List.of(), "sock_diag")) : List.of(),
            List.of(),
            List.of(),
            List.of(),
            empty.ephemeral());
    Alert resolved = alert.resolvedAt(NOON.plus(lasted));
    return new ResolutionMessage(seen).replaceIn(resolved).finding().message();
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN,    false, tcp 127.0.0.1:611 is closed again (open for 3 s)",
    "OPEN,    true,  tcp 127.0.0.1:611 still listens and no longer violates the rule (lasted 3 s)",
    "HIDDEN,  true,  tcp 127.0.0.1:611 is no longer hidden (hidden for 3 s)",
    "MISSING, true,  tcp port 611 has a listener again (missing for 3 s)",
    "MISSING, false, tcp port 611 is no longer required (missing for 3 s)",
    "STORE_NOT_WRITABLE, false, the database can be written again (lasted 3 s)",
  })
  void statesTheEndAndItsDuration(String kind, boolean listens, String message) {
    assertThat(message(FindingType.named(kind), listens, Duration.ofSeconds(3))).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.25S, 250 ms",
    "PT1.9S,  1 s",
    "PT119S,  119 s",
    "PT2M,    2 min",
    "PT119M,  119 min",
    "PT2H,    2 h",
    "PT47H,   47 h",
    "PT48H,   2 days",
  })
  void durationHasTheLargestFittingUnit(Duration lasted, String text) {
    assertThat(message(FindingKind.OPEN, false, lasted)).endsWith("(open for " + text + ")");
  }

  @ParameterizedTest
  @EnumSource
  void noKindKeepsTheMessageOfItsFinding(FindingKind kind) {
    assertThat(message(kind, false, Duration.ofSeconds(3))).doesNotContain("is " + kind.label());
  }

  @Test
  void firingAlert_keepsItsMessage() {
    Alert firing = new Alert("a1", AlertState.FIRING, SampleSnapshots.open611(), NOON, null);
    Snapshot empty = SampleSnapshots.snapshot("web-1", NOON, true);
    assertThat(new ResolutionMessage(empty).replaceIn(firing)).isEqualTo(firing);
  }
}
