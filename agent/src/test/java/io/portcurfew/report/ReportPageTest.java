package io.portcurfew.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Browser;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTML of a report in a real browser. */
@LiveHost
class ReportPageTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir Path folder;

  @Test
  void page_isAccessibleOnScreenAndOnPaper() throws Exception {
    List<RuleReport> rules =
        List.of(
            rule("npmp-gui", ReportStatus.FAIL),
            rule("ssh", ReportStatus.PASS),
            rule("dns", ReportStatus.NOT_REVIEWED));
    HostReport host =
        new HostReport(
            "web-1 <script>alert(1)</script>",
            NOON.minusSeconds(60),
            NOON,
            true,
            null,
            "policy.yaml",
            "0123",
            new ListenerCounts(1, 3, 1, 1, 1),
            rules,
            List.of("ss: no right"),
            List.of("tcp 0.0.0.0:8080"),
            List.of(),
            List.of());
    Path page =
        Files.writeString(folder.resolve("report.html"), ReportHtml.write(List.of(host, host)));
    try (Browser browser = Browser.start()) {
      for (String medium : List.of("screen", "print")) {
        browser.open(page.toUri().toString());
        browser.medium(medium);
        assertThat(browser.texts("section h2"))
            .containsOnly("web-1 <script>alert(1)</script>")
            .hasSize(2);
        assertThat(browser.texts("td.fail")).containsExactly("fail", "fail");
        assertThat(browser.texts("td.unseen")).containsExactly("not reviewed", "not reviewed");
        assertThat(browser.accessibilityViolations()).isEmpty();
        assertThat(browser.console()).isEmpty();
      }
    }
  }

  private static RuleReport rule(String name, ReportStatus status) {
    return new RuleReport(
        name,
        "tcp 1 closed",
        List.of("pci-dss:2.2.4"),
        "because",
        "CHG-1",
        null,
        status,
        List.of());
  }
}
