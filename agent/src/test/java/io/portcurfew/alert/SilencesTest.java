package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.DAY;
import static io.portcurfew.alert.SampleSnapshots.at;
import static io.portcurfew.alert.SampleSnapshots.open611;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SilencesTest {

  private static final long BEGINS = 100;
  private static final long ENDS = 200;

  private final List<String> notified = new ArrayList<>();
  private List<Silence> all = List.of(of("npmp-gui", null, BEGINS, ENDS));
  private Alerts alerts = Alerts.NONE;
  private int saves;

  private static Silence of(String rule, Endpoint endpoint, long from, long until) {
    return new Silence("s" + from, rule, endpoint, at(from), at(until), "ann", "move");
  }

  private void see(long second, Finding... findings) {
    Instant now = at(second);
    Judgement judgement = new Judgement(Map.of(), List.of(findings), Map.of(), true);
    AlertChanges changes =
        alerts.update(
            judgement,
            SampleSnapshots.snapshot("web-1", now, true),
            now,
            DAY,
            Silences.at(now, all));
    alerts = changes.after();
    saves += changes.isEmpty() ? 0 : 1;
    changes.toNotify().forEach(change -> notified.add(second + " " + change.reason().label()));
  }

  private static Finding heldBy(String executable) {
    return open611(new Owner(1, null, HostText.of(executable), HostText.of("root"), null));
  }

  @Test
  void startsInSilence_isNotifiedAtItsEnd() {
    see(110, open611());
    assertThat(notified).isEmpty();
    assertThat(alerts.open().values()).extracting(Alert::state).containsExactly(AlertState.FIRING);
    see(190, open611());
    see(200, open611());
    see(210, open611());

    assertThat(notified).containsExactly("200 first");
  }

  @Test
  void firedBeforeSilence_isRepeatedAtItsEnd() {
    see(0, open611());
    see(110, open611());
    see(200, open611());
    see(210, open611());

    assertThat(notified).containsExactly("0 first", "200 repeated");
  }

  @Test
  void startsAndEndsInSilence_isNeverNotified() {
    see(110, open611());
    see(120);
    see(200);
    assertThat(notified).isEmpty();
    assertThat(alerts.resolved()).hasSize(1);
  }

  @Test
  void resolutionOfANotifiedAlertIsNotSilenced() {
    see(0, open611());
    see(110, open611());
    see(120);

    assertThat(notified).containsExactly("0 first", "120 resolved");
  }

  @Test
  void endsBeforeTheFirstSilencedScan_isNotified() {
    see(0, open611());
    see(110);

    assertThat(notified).containsExactly("0 first", "110 resolved");
  }

  @Test
  void ownerChangesInSilence_isNotifiedAtItsEnd() {
    see(0, heldBy("/bin/nc"));
    see(110, heldBy("/bin/socat"));
    see(120, heldBy("/bin/socat"));
    see(200, heldBy("/bin/socat"));

    assertThat(notified).containsExactly("0 first", "200 changed");
  }

  @Test
  void severityRiseInASilence_isNotifiedAtItsEnd() {
    see(0, SampleSnapshots.of(FindingKind.OPEN, "npmp-gui", SampleSnapshots.NPMP));
    for (int second = 110; second < 200; second += 10) {
      see(second, open611());
    }
    assertThat(saves).isEqualTo(2);
    see(200, open611());
    see(210, open611());

    assertThat(notified).containsExactly("0 first", "200 repeated");
  }

  @Test
  void repeatInSilence_waitsForItsEnd() {
    long day = DAY.toSeconds();
    all = List.of(of("npmp-gui", null, day - 10, day + 10));
    see(0, open611());
    see(day, open611());
    see(day + 10, open611());
    see(day + 20, open611());

    assertThat(notified).containsExactly("0 first", day + 10 + " repeated");
  }

  @Test
  void flapsInSilence_isNotifiedOnceAtItsEnd() {
    for (int second = 100; second < 200; second += 10) {
      see(second, second % 20 == 0 ? new Finding[] {open611()} : new Finding[0]);
    }
    see(200, open611());
    see(210, open611());

    assertThat(notified).containsExactly("200 flapping");
  }

  @Test
  void calmsDownInSilence_isNotFlappingAtItsEnd() {
    all = List.of(of("npmp-gui", null, 100, 2_000));
    see(0, heldBy("/bin/nc"));
    for (int second = 100; second < 160; second += 10) {
      see(second, heldBy(second % 20 == 0 ? "/bin/socat" : "/bin/nc"));
    }
    see(900, heldBy("/bin/nc"));
    see(2_000, heldBy("/bin/nc"));

    assertThat(notified).containsExactly("0 first", "2000 changed");
  }

  @Test
  void otherRulesAndEndpointsAreNotSilenced() {
    all = List.of(of(null, tcp(612), BEGINS, ENDS));
    see(110, open611(), SampleSnapshots.of(FindingKind.OPEN, "other", tcp(612)));
    assertThat(notified).containsExactly("110 first");
    see(200, open611(), SampleSnapshots.of(FindingKind.OPEN, "other", tcp(612)));
    assertThat(notified).containsExactly("110 first", "200 first");
  }

  @Test
  void twoSilences_theLaterEndCounts() {
    all = List.of(all.get(0), of(null, SampleSnapshots.NPMP, 150, 300));
    see(110, open611());
    see(200, open611());
    assertThat(notified).isEmpty();
    see(300, open611());

    assertThat(notified).containsExactly("300 first");
  }

  @Test
  void clockSetBeforeItsStart_endsTheSilence() {
    see(110, open611());
    see(-3600, open611());
    assertThat(notified).containsExactly("-3600 first");
  }

  @Test
  void pendingInSilence_isNotifiedOnlyOnceItFires() {
    Finding held =
        SampleSnapshots.finding(
            FindingKind.MISSING, "npmp-gui", tcp(22), Severity.WARNING, Duration.ofSeconds(30));
    see(180, held);
    see(205, held);
    assertThat(notified).isEmpty();
    see(210, held);
    assertThat(notified).containsExactly("210 first");
  }
}
