package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CefLineTest {

  /** A line of CEF, in which pipes, equal signs and backslashes of values are escaped. */
  private static final Pattern CEF =
      Pattern.compile(
          "CEF:0(?:\\|(?:[^|\\\\]|\\\\[|\\\\])*){5}\\|(?:10|\\d)\\|(?:\\w+=(?:[^=\\\\]|\\\\[=\\\\])*)+");

  @Test
  void findingIsOneEvent() {
    assertThat(CefLine.of(SampleNotifications.first(), "1.2.3"))
        .startsWith("CEF:0|Portcurfew|Portcurfew|1.2.3|open|")
        .contains("|10|dvchost=web-1 externalId=a1 act=first outcome=firing ")
        .contains(" proto=TCP dst=127.0.0.1 dpt=611 ")
        .contains(" dpid=4711 dproc=/usr/bin/python3.11 duser=root duid=0 ")
        .contains(" cs1Label=rule cs1=npmp-gui ")
        .matches(CEF);
    assertThat(CefLine.of(SampleNotifications.resolved(), "1.2.3"))
        .contains(" outcome=resolved ", " end=")
        .matches(CEF);
  }

  @ParameterizedTest
  @MethodSource("io.portcurfew.notify.message.OcsfFindingTest#everyForm")
  void everyNotificationIsOneLine(Notification one) {
    assertThat(CefLine.of(one, "1.2.3")).matches(CEF);
  }

  @Test
  void summaryHasACount() {
    List<Notification> two = List.of(SampleNotifications.first(), SampleNotifications.resolved());
    assertThat(CefLine.of(SummaryFolding.of(two), "1.2.3"))
        .startsWith("CEF:0|Portcurfew|Portcurfew|1.2.3|summary|")
        .contains("|10|dvchost=web-1 ", " cnt=2 ")
        .matches(CEF);
  }

  @Test
  void summaryOfEndedAlerts_isResolved() {
    List<Notification> two =
        List.of(SampleNotifications.resolved(), SampleNotifications.resolved());
    assertThat(CefLine.of(SummaryFolding.of(two), "1.2.3")).contains(" outcome=resolved ");
  }

  @Test
  void hostileNamesAddNoField() {
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "a|b=c\\d",
            NotifySettings.of(Severity.WARNING, "x=y|z\ncs1=forged"),
            SampleNotifications.NPMP,
            "text | with = and \\ and \n lines",
            List.of(SampleNotifications.hostile()),
            List.of());
    assertThat(CefLine.of(SampleNotifications.first("n1", finding), "1.2.3"))
        .matches(CEF)
        .doesNotContain("\n")
        .doesNotContain(" cs1=forged");
  }
}
