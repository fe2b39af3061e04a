package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.at;
import static io.portcurfew.alert.SampleSnapshots.open611;
import static io.portcurfew.alert.SampleSnapshots.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The notifications of an alert that goes on: changes of owner, repeats, flapping. */
class NotificationStateTest {

  private static final long DAY = 24 * 3600;

  private final List<String> notified = new ArrayList<>();
  private Alerts alerts = Alerts.NONE;
  private AlertChanges last;

  private void see(long second, Finding... findings) {
    see(second, true, findings);
  }

  private void see(long second, boolean complete, Finding... findings) {
    last = scan(alerts, second, complete, findings);
    alerts = last.after();
    last.toNotify().forEach(change -> notified.add(second + " " + change.reason().label()));
  }

  private static Finding heldBy(int pid, String executable, String user) {
    HostText file = executable == null ? null : HostText.of(executable);
    Owner owner = new Owner(pid, HostText.of("x"), file, HostText.of(user), null);
    return open611(owner);
  }

  @Test
  void otherProgramOrUser_isNotifiedOnce_otherPidNever() {
    see(0, heldBy(1, "/bin/nc", "root"));
    see(10, heldBy(2, "/bin/nc", "root"));
    see(20, heldBy(2, "/bin/socat", "root"));
    see(30, heldBy(2, "/bin/socat", "root"));
    see(40, heldBy(2, "/bin/socat", "ann"));
    see(50, heldBy(2, "/bin/socat", "ann"));

    assertThat(notified).containsExactly("0 first", "20 changed", "40 changed");
    assertThat(alerts.all()).hasSize(1);
  }

  @Test
  void ownerChangeOfAFlappingAlert_isNotified() {
    for (int second = 0; second < 60; second += 20) {
      see(second, heldBy(1, "/bin/nc", "root"));
      see(second + 10);
    }
    assertThat(notified).last().isEqualTo("50 flapping");
    see(60, heldBy(1, "/bin/evil", "ann"));
    see(70, heldBy(1, "/bin/evil", "ann"));
    see(80, heldBy(1, "/bin/evil", "ann"));
    assertThat(notified).last().isEqualTo("70 changed");

    int before = notified.size();
    for (int second = 90; second < 190; second += 10) {
      see(second, heldBy(1, second % 20 == 0 ? "/bin/evil" : "/bin/nc", "ann"));
    }
    assertThat(notified.subList(before, notified.size())).hasSizeBetween(1, 5);
  }

  @Test
  void crashLoopOfARequiredService_isReported() {
    Finding missing =
        SampleSnapshots.finding(
            FindingKind.MISSING,
            "api",
            SampleSnapshots.tcp(8443),
            Severity.WARNING,
            Duration.ofSeconds(5));
    for (int second = 0; second < 120; second++) {
      if (second % 6 < 3) {
        see(second);
      } else {
        see(second, missing);
      }
    }
    assertThat(notified).hasSizeBetween(2, 20).first().asString().endsWith(" first");
    assertThat(notified).filteredOn(one -> one.endsWith(" flapping")).hasSize(1);
  }

  @Test
  void timeOfAPendingAlert_addsUpOverShortPauses() {
    Finding held =
        SampleSnapshots.finding(
            FindingKind.OPEN,
            "npmp",
            SampleSnapshots.tcp(611),
            Severity.CRITICAL,
            Duration.ofSeconds(30));
    for (int start = 0; start < 60; start += 30) {
      see(start, held);
      see(start + 28, held);
      see(start + 29);
    }
    assertThat(notified).containsExactly("58 first", "59 resolved");
  }

  @Test
  void findingSeenRarely_staysPendingOrIsForgotten() {
    Finding held =
        SampleSnapshots.finding(
            FindingKind.OPEN,
            "npmp",
            SampleSnapshots.tcp(611),
            Severity.CRITICAL,
            Duration.ofSeconds(30));
    for (int start = 0; start < 3_600; start += 60) {
      see(start, held);
      see(start + 5);
    }
    assertThat(notified).isEmpty();
    see(3_700);
    assertThat(alerts.open()).isEmpty();
  }

  @Test
  void ownerUnknownForOneScan_isNoChangeAndHidesNone() {
    see(0, heldBy(1, "/bin/nc", "root"));
    see(10, heldBy(1, null, "root"));
    see(20, heldBy(1, "/bin/nc", "root"));
    see(30, heldBy(1, null, "root"));
    see(40, heldBy(1, "/bin/socat", "root"));

    assertThat(notified).containsExactly("0 first", "40 changed");
  }

  private static Finding withDigest(String digest) {
    HostText sha256 = digest == null ? null : HostText.of(digest);
    OwnerDetails details = OwnerDetails.builder().sha256(sha256).build();
    HostText file = HostText.of("/bin/nc");
    Owner owner = new Owner(1, HostText.of("x"), file, HostText.of("root"), null, details);
    return open611(owner);
  }

  @Test
  void digestAskedForLater_isNoOtherOwner() {
    see(0, withDigest(null));
    see(10, withDigest("aa"));
    see(20, withDigest(null));
    assertThat(notified).containsExactly("0 first");
    see(30, withDigest("bb"));
    assertThat(notified).as("another file").containsExactly("0 first", "30 changed");
  }

  @Test
  void unknownDigestOfOneOwner_doesNotExcuseAnother() {
    assertThat(OwnerIdentity.agree(List.of("/a 0 - aa"), List.of("/a 0 - -", "/a 0 - bb")))
        .isFalse();
    assertThat(OwnerIdentity.agree(List.of("/a 0 - -"), List.of("/a 0 - -", "/b 0 - -"))).isFalse();
    assertThat(OwnerIdentity.merge(List.of("/a 0 - aa"), List.of("/a 0 - -")))
        .containsExactly("/a 0 - aa");
  }

  @Test
  void firingAlert_isRepeatedOneDayAfterItsLastNotification() {
    see(0, heldBy(1, "/bin/nc", "root"));
    see(3600, heldBy(1, "/bin/socat", "root"));
    see(DAY, heldBy(1, "/bin/socat", "root"));
    see(3600 + DAY, heldBy(1, "/bin/socat", "root"));
    see(3610 + DAY, heldBy(1, "/bin/socat", "root"));
    see(3600 + 2 * DAY, heldBy(1, "/bin/socat", "root"));

    assertThat(notified)
        .containsExactly(
            "0 first", "3600 changed", 3600 + DAY + " repeated", 3600 + 2 * DAY + " repeated");
  }

  @ParameterizedTest
  @ValueSource(longs = {-DAY, -3650 * DAY})
  void clockStepsBack_nothingIsRepeatedForADay(long second) {
    see(0, open611());
    see(second, open611());
    see(second + DAY - 1, open611());
    assertThat(notified).containsExactly("0 first");
    see(second + DAY, open611());
    assertThat(notified).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {DAY, 3650 * DAY})
  void clockStepsForward_repeatsOnce(long second) {
    see(0, open611());
    see(second, open611());
    see(second + 10, open611());
    assertThat(notified).containsExactly("0 first", second + " repeated");
  }

  private void flap(int changes) {
    for (int i = 0; i < changes; i++) {
      see(10L * i, i % 2 == 0 ? new Finding[] {open611()} : new Finding[0]);
    }
  }

  @Test
  void fiveChangesAreNotified_theSixthAsFlapping() {
    flap(100);

    assertThat(notified)
        .containsExactly(
            "0 first", "10 resolved", "20 first", "30 resolved", "40 first", "50 flapping");
    assertThat(alerts.open().values())
        .singleElement()
        .satisfies(alert -> assertThat(alert.notificationState().flapping()).isTrue());
  }

  @Test
  void flappingAlert_resolvesTenMinutesAfterItsFinding() {
    flap(10);
    see(100, open611());
    see(110);
    see(700, false);
    see(709);
    assertThat(notified).endsWith("50 flapping");
    see(710, false);
    assertThat(notified).endsWith("50 flapping");
    see(711);

    assertThat(notified).endsWith("711 resolved");
    assertThat(last.resolved()).extracting(Alert::endsAt).containsExactly(at(110));
    assertThat(alerts.open()).isEmpty();
  }

  @Test
  void flappingAlert_endsWithItsRule() {
    for (int second = 0; second < 60; second += 20) {
      see(second, open611());
      see(second + 10);
    }
    assertThat(notified).endsWith("50 flapping");
    Judgement without =
        new Judgement(Map.of(), List.of(), Map.of("another-rule", Trilean.YES), true);
    AlertChanges changes =
        alerts.update(
            without, SampleSnapshots.snapshot("web-1", at(60), true), at(60), Duration.ofHours(4));
    assertThat(changes.toNotify())
        .extracting(AlertChanges.Change::reason)
        .containsExactly(Reason.RESOLVED);
    assertThat(changes.after().open()).isEmpty();
  }

  @Test
  void flappingEndsAfterTenCalmMinutes() {
    flap(10);
    see(100, open611());
    see(699, open611());
    see(700, open611());
    see(710);

    assertThat(notified).endsWith("50 flapping", "710 resolved");
  }

  @Test
  void slowChanges_areNotFlapping() {
    for (int i = 0; i < 20; i++) {
      see(121L * i, i % 2 == 0 ? new Finding[] {open611()} : new Finding[0]);
    }
    assertThat(notified).hasSize(20).noneMatch(line -> line.endsWith("flapping"));
  }

  @Test
  void notifiedAlertIsSaved_anotherMessageAloneIsNot() {
    see(0, heldBy(1, "/bin/nc", "root"));
    assertThat(last.toSave()).hasSize(1);
    see(10, heldBy(2, "/bin/nc", "root"));
    assertThat(last.isEmpty()).isTrue();
    see(20, heldBy(2, "/bin/socat", "root"));
    assertThat(last.toSave()).hasSize(1);
    see(30);
    assertThat(last.toSave()).extracting(Alert::state).containsExactly(AlertState.RESOLVED);
    see(40);
    assertThat(last.isEmpty()).isTrue();
  }

  @Test
  void newReasonOfARefusedPolicy_isSaved() {
    see(0, refused("the signature is missing"));
    see(10, refused("the signature is missing"));
    assertThat(last.isEmpty()).isTrue();
    see(20, refused("revision 4 is older"));
    assertThat(last.toSave())
        .extracting(alert -> alert.finding().message())
        .containsExactly("revision 4 is older");
    assertThat(notified).containsExactly("0 first");
  }

  private static Finding refused(String why) {
    return Finding.ofHost(
        AgentCondition.POLICY_NOT_LOADED, "default", open611().notifySettings(), why, List.of());
  }

  @Test
  void pendingAlertIsSaved_andListedWhenDropped() {
    Finding pending =
        SampleSnapshots.finding(
            FindingKind.MISSING, "ssh", SampleSnapshots.tcp(22), open611().severity(), at30());
    see(0, pending);
    assertThat(last.toSave()).extracting(Alert::state).containsExactly(AlertState.PENDING);
    String id = last.toSave().get(0).id();
    see(10);
    assertThat(last.dropped()).isEmpty();
    see(40);
    assertThat(last.dropped()).containsExactly(id);
    assertThat(last.toSave()).isEmpty();
  }

  private static Duration at30() {
    return Duration.ofSeconds(30);
  }
}
