package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.HostText;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusHtmlTest {

  private final StatusHtml html = new StatusHtml();

  private String page(@Nullable JudgedSnapshot look, @Nullable Instant failedAt) {
    return html.render(new StatusPage("1.2.3", TestPages.HOST, look, failedAt));
  }

  @Test
  void findingIsShownWithAllItsFields() {
    assertThat(page(TestPages.look(true, TestPages.findings(1, "python3 listens")), null))
        .contains("1.2.3 on <b>web-1</b>", "Last scan: complete, 2026-11-23T01:02:03Z.")
        .contains("The host is not as the policy expects.")
        .contains(
            "<td class=\"critical\">critical</td><td>open</td><td>npmp-gui</td>"
                + "<td class=\"text\">tcp 0.0.0.0:611</td><td>python3 listens</td>")
        .contains("<td>oshi</td><td class=\"up\">up</td><td>12</td><td>0</td>")
        .contains("<td>ss</td><td class=\"down\">down</td><td>not known</td><td>1</td>");
  }

  @Test
  void aCompliantHostIsSaidToBe() {
    assertThat(page(TestPages.look(true, List.of()), null))
        .contains("All is as the policy expects.", "<p>None.</p>")
        .doesNotContain("What could not be seen");
  }

  @Test
  void aPartialLookIsNotCalledCompliant() {
    assertThat(page(TestPages.look(false, List.of()), null))
        .contains("Last scan: partial,", "not everything could be seen")
        .contains("What could not be seen", "not &lt;installed&gt;")
        .doesNotContain("All is as");
  }

  @Test
  void hostJudgedByTheOldPolicy_isNotCompliant() {
    Finding notLoaded =
        new Finding(
            AgentCondition.POLICY_NOT_LOADED,
            "default",
            NotifySettings.of(Severity.WARNING),
            null,
            "not loaded",
            List.of(),
            List.of());
    assertThat(page(TestPages.look(true, List.of(notLoaded)), null))
        .contains("As the policy before expected", "<td>policy-not-loaded</td>")
        .doesNotContain("All is as", "not everything could be seen");
  }

  @Test
  void aFailedScanIsNotCalledCompliant() {
    assertThat(page(TestPages.look(true, List.of()), TestPages.NOW.plusSeconds(10)))
        .contains("failed, 2026-11-23T01:02:13Z; before that: complete, 2026-11-23T01:02:03Z")
        .doesNotContain("All is as");
  }

  @Test
  void aFailureBeforeTheLastLookIsOver() {
    assertThat(page(TestPages.look(true, List.of()), TestPages.NOW.minusSeconds(10)))
        .contains("All is as the policy expects.")
        .doesNotContain("failed");
  }

  @Test
  void beforeTheFirstScanNothingIsClaimed() {
    assertThat(page(null, null))
        .contains("no scan has ended yet", "none has ended yet")
        .doesNotContain("Findings", "Sources");
  }

  @Test
  void textFromOutsideIsEscapedEverywhere() {
    String evil = "<script>alert(1)</script>\"'&";
    StatusPage hostile =
        new StatusPage(
            evil, HostText.of(evil), TestPages.look(true, TestPages.findings(1, evil)), null);
    assertThat(html.render(hostile))
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
  }

  @Test
  void aBracedTextIsNoTemplate() {
    assertThat(page(TestPages.look(true, TestPages.findings(1, "{{{css}}}")), null))
        .contains("{{{css}}}");
  }

  @Test
  void tenThousandFindings_makeASmallPage() {
    String page = page(TestPages.look(true, TestPages.findings(10_000, "<".repeat(8_000))), null);
    assertThat(page).contains("And more: 10000 in all.", "...(cut)");
    assertThat(page.length()).isLessThan(512 * 1024);
  }

  @Test
  void contentPolicyNamesOnlyItsStyleSheet() throws Exception {
    String page = page(null, null);
    String css = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8));
    assertThat(html.contentSecurityPolicy())
        .startsWith("default-src 'none'; ")
        .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .doesNotContain("unsafe");
    assertThat(css.length()).isLessThan(3 * 1024);
    assertThat(page).doesNotContain("style=").doesNotContain("http:").doesNotContain("https:");
  }
}
