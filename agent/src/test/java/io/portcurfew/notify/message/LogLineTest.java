package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogLineTest {

  private static final Instant NOON = SampleNotifications.NOON;

  @Test
  void opening_namesSeverityRuleEndpointAndOwner() {
    assertThat(LogLine.of(SampleNotifications.first()))
        .isEqualTo(
            "CRITICAL npmp-gui tcp 127.0.0.1:611 opened by python3[4711] /usr/bin/python3.11"
                + " user=root");
  }

  @Test
  void longPath_isCutInTheMiddle() {
    String path = "/srv/" + "d/".repeat(2_000) + "server";

    assertThat(line(owner("server", path)))
        .hasSize(LogLine.MOST)
        .contains("server[666] /srv/d/d/")
        .endsWith("/d/server user=www-data");
  }

  @Test
  void hostileOwner_staysInItsPlace() {
    String line = line(SampleNotifications.hostile());

    assertThat(line).hasSizeLessThanOrEqualTo(LogLine.MOST).doesNotContain(" user=\"root\"", "\n");
    assertThat(line).startsWith("CRITICAL npmp-gui tcp 127.0.0.1:611 opened by \"x");
  }

  @Test
  void spaceInAName_isQuoted() {
    assertThat(line(owner("x user=root", "/tmp/a user=root")))
        .endsWith("by \"x user=root\"[666] \"/tmp/a user=root\" user=www-data");
  }

  @Test
  void briefListener_namesTheTimeThatItWasOpen() {
    Finding finding = finding(SampleNotifications.PYTHON);
    BriefOpening once = new BriefOpening("perf", Duration.ofNanos(1_200_000), true, 1, NOON, NOON);

    assertThat(LogLine.of(SampleNotifications.first("n1", finding.brief(once))))
        .endsWith("user=root; closed again after 1.2 ms");
    assertThat(LogLine.of(SampleNotifications.first("n1", finding.brief(once.and(once)))))
        .endsWith("user=root; opened 2 times");
  }

  @Test
  void unknownOwner_isTheMessageOfTheFinding() {
    assertThat(line()).isEqualTo("CRITICAL npmp-gui tcp 127.0.0.1:611 is open");
  }

  @Test
  void processWithoutAName_hasThatOfItsFile() {
    Owner owner = new Owner(4711, null, HostText.of("/usr/bin/python3.11"), null, 0L);

    assertThat(line(owner)).endsWith(" opened by python3.11[4711] /usr/bin/python3.11 uid=0");
    assertThat(line(Owner.of(4711))).endsWith(" opened by pid[4711]");
  }

  @Test
  void wrongOwner_isInItsUnitOrContainer() {
    OwnerDetails unit = OwnerDetails.builder().unit(HostText.of("evil.service")).build();
    OwnerDetails container =
        OwnerDetails.builder().container(Container.named(HostText.of("shop web"))).build();

    assertThat(wrong(unit)).endsWith("held by the wrong owner a[666] /a uid=33 unit=evil.service");
    assertThat(wrong(container)).endsWith("a[666] /a uid=33 container=\"shop web\"");
    assertThat(wrong(OwnerDetails.NONE)).endsWith("a[666] /a uid=33");
  }

  private static String wrong(OwnerDetails details) {
    Owner owner = new Owner(666, HostText.of("a"), HostText.of("/a"), null, 33L, details);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.WRONG_OWNER,
            "web",
            NotifySettings.of(Severity.WARNING),
            SampleNotifications.NPMP,
            "is held",
            List.of(owner),
            List.of());
    return LogLine.of(SampleNotifications.first("n1", finding));
  }

  @Test
  void moreOwners_areCounted() {
    assertThat(line(SampleNotifications.PYTHON, owner("b", "/b")))
        .endsWith("/usr/bin/python3.11 user=root and 1 more");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"CHANGED", "REPEATED", "ALREADY_FIRING", "FLAPPING"})
  void laterNotification_namesItsReason(Reason reason) {
    Alert alert =
        new Alert("a1", AlertState.FIRING, finding(SampleNotifications.PYTHON), NOON, null);

    assertThat(LogLine.of(new Notification("n1", reason, alert, "web-1", "0123456789ab")))
        .startsWith(
            "CRITICAL npmp-gui " + reason.label() + ": tcp 127.0.0.1:611 opened by python3");
  }

  @Test
  void summary_isOneShortLine() {
    List<Notification> many =
        List.of(SampleNotifications.first("n1"), SampleNotifications.first("n2"));

    assertThat(LogLine.of(Notification.of(many)))
        .startsWith("CRITICAL summary: ")
        .hasSizeLessThanOrEqualTo(LogLine.MOST);
  }

  private static String line(Owner... owners) {
    return LogLine.of(SampleNotifications.first("n1", finding(owners)));
  }

  private static Finding finding(Owner... owners) {
    return SampleNotifications.finding(Severity.CRITICAL, SampleNotifications.NPMP, owners);
  }

  private static Owner owner(String name, String path) {
    return new Owner(666, HostText.of(name), HostText.of(path), HostText.of("www-data"), 33L);
  }
}
