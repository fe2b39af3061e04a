package io.portcurfew.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusHtmlTest {

  private final StatusHtml html = new StatusHtml();

  private Document page(PageContent content) {
    return Jsoup.parse(html.render(content));
  }

  private Document page(@Nullable JudgedSnapshot look, @Nullable Instant failedAt) {
    return page(SamplePages.of(look, failedAt));
  }

  private static String verdict(Document page) {
    return page.select(".verdict").text();
  }

  @Test
  void findingAndListener_haveOwnerRuleAndTimes() {
    Document page = page(SamplePages.full(1, 1, "python3"));
    assertThat(verdict(page)).isEqualTo("Not compliant. 1 finding against the policy.");
    assertThat(page.select("table.findings tbody tr").text())
        .contains("critical open tcp 0.0.0.0:611 npmp-gui", "Registered, never used.")
        .contains("2026-11-23T01:02:03Z", "2026-11-23T02:02:03Z", "runbook");
    assertThat(page.select("table.listeners tbody tr").text())
        .contains("tcp 0.0.0.0 611 python3[4711] /usr/bin/python3 as root python3.service")
        .contains("npmp-gui finding 2026-11-23T01:01:03Z");
    assertThat(page.select("table.silences tbody tr").text())
        .contains("rule npmp-gui", "portcurfew silence end 5e1f");
    assertThat(page.select("svg").attr("aria-label")).isEqualTo("2 openings and 1 closing");
    assertThat(page.select("a[href=/explain/611]")).isNotEmpty();
    String link = page.select("table.listeners a[href^=#]").attr("href");
    assertThat(page.getElementById(link.substring(1))).isNotNull();
  }

  @Test
  void topOfThePage_linksToEachPart() {
    Document page = page(SamplePages.full(3, 2, "python3"));
    assertThat(page.select(".parts li").eachText())
        .containsExactly(
            "2 findings",
            "2 firing alerts",
            "3 listeners",
            "0 other sockets",
            "3 recent changes",
            "1 silence",
            "0 gaps");
    assertThat(page.select(".parts a").eachAttr("href"))
        .allMatch(link -> page.getElementById(link.substring(1)) != null);
    assertThat(page.select(".parts .bad").eachText()).containsExactly("2 findings");
    assertThat(page.title()).isEqualTo("Not compliant: web-1 - Portcurfew");
  }

  @Test
  void scaleOfTheTimeline_isEvenlySpaced() {
    Document page = page(SamplePages.full(1, 1, "python3"));
    assertThat(page.select(".hours span").eachText())
        .containsExactly("01:00", "07:00", "13:00", "19:00", "01:00");
    assertThat(page.select("svg rect title").eachText())
        .containsExactly("23:00: 1 opened", "01:00: 1 opened", "01:00: 1 closed");
  }

  @Test
  void otherSocketsAndLimits_areShown() {
    Document page = page(SampleSockets.judged(), null);
    assertThat(page.select("table.sockets tbody tr").get(0).text())
        .contains("packet all on eth0, filtered 2", "/tmp/<door> as root", "finding");
    assertThat(page.select("table.sockets tbody tr").get(1).text()).contains("vsock any:1234");
    assertThat(page.select("table.findings tbody tr").text()).contains("packet all on eth0");
    assertThat(page.select("[data-part=limits] li").text())
        .isEqualTo("xdp sockets cannot be listed: this kernel does not list them");
  }

  @Test
  void redactedSockets_haveNoOwner() {
    JudgedSnapshot redacted = Objects.requireNonNull(OwnerRedaction.of(SampleSockets.judged()));
    Document page = page(redacted, null);
    assertThat(page.text()).contains("packet all on eth0").doesNotContain("door");
  }

  @Test
  void eventSource_hasHealthAndLastTime() {
    Document page = page(SamplePages.full(1, 1, "python3"));
    assertThat(page.select("table.events tbody tr").eachText())
        .containsExactly("perf used 7 5 2 2026-11-23T01:01:03Z", "bpf not used 0 0 0 EPERM <b>");
    assertThat(StatusJson.status(SamplePages.full(1, 1, "python3")))
        .contains("\"name\": \"perf\"", "\"last\": \"2026-11-23T01:01:03.456Z\"");
  }

  @Test
  void reasonOfAGap_isWhole() {
    String why = "BPF programs are not read: " + "xdp on eth0, ".repeat(20);
    JudgedSnapshot look = SamplePages.look(true, List.of());
    Snapshot scan = look.snapshot();
    Snapshot gap =
        new Snapshot(
            scan.host(),
            scan.takenAt(),
            true,
            List.of(),
            List.of(new Gap("sock_diag", Gap.What.PROTOCOL, why)),
            scan.sources(),
            List.of(),
            scan.ephemeral());
    Document page = page(new JudgedSnapshot(gap, look.judgement()), null);
    assertThat(page.select("table.gaps td").last().text()).isEqualTo(why.strip());
  }

  @Test
  void compliantHost_isCalledCompliant() {
    Document page = page(SamplePages.look(true, List.of()), null);
    assertThat(verdict(page)).isEqualTo("Compliant. Every listener is as the policy expects.");
    assertThat(page.select("[data-part=limits]").text()).contains("Nothing.");
  }

  @Test
  void partialScan_isCalledBlindFirst() {
    assertThat(verdict(page(SamplePages.look(false, List.of()), null)))
        .startsWith("Blind: no source saw all listeners");
    assertThat(verdict(page(SamplePages.look(false, SamplePages.findings(2, "x")), null)))
        .startsWith("Blind: no source saw all listeners")
        .endsWith("; 2 findings already.");
    Document blind = page(SamplePages.look(false, List.of()), null);
    assertThat(blind.select(".verdict.bad")).hasSize(1);
    assertThat(blind.title()).startsWith("Blind: ");
  }

  @Test
  void policyThatIsNotLoaded_isNotCalledCompliant() {
    Finding notLoaded =
        Finding.ofHost(
            AgentCondition.POLICY_NOT_LOADED,
            "default",
            NotifySettings.of(Severity.WARNING),
            "not loaded",
            List.of());
    Document page = page(SamplePages.look(true, List.of(notLoaded)), null);
    assertThat(verdict(page)).contains("Incomplete.", "1 problem of the agent itself");
    assertThat(page.select("table.findings").text()).contains("policy-not-loaded");
  }

  @Test
  void failedScan_isNotCalledCompliant() {
    Instant later = SamplePages.NOW.plusSeconds(10);
    assertThat(verdict(page(SamplePages.look(true, List.of()), later)))
        .startsWith("Not known: the last scan failed at 2026-11-23T01:02:13Z.");
    Instant earlier = SamplePages.NOW.minusSeconds(10);
    assertThat(verdict(page(SamplePages.look(true, List.of()), earlier))).startsWith("Compliant.");
  }

  @Test
  void beforeTheFirstScan_nothingIsClaimed() {
    Document page = page(null, null);
    assertThat(verdict(page)).isEqualTo("Not known: no scan has ended yet.");
    assertThat(page.select("[data-part=findings], [data-part=sources]")).isEmpty();
  }

  @Test
  void unreadableHistory_isNotAnEmptyHistory() {
    PageContent content = SamplePages.of(SamplePages.look(true, List.of()), null);
    PageContent unread =
        new PageContent(
            "1",
            content.host(),
            content.last(),
            null,
            content.now(),
            List.of(),
            content.silences(),
            Map.of(),
            null,
            List.of(),
            List.of(),
            true);
    Document page = page(unread);
    assertThat(page.select("[data-part=timeline]").text()).contains("cannot be read");
    assertThat(page.select("svg")).isEmpty();
  }

  @Test
  void riskOfTheServer_isAWarning() {
    PageContent content = SamplePages.full(1, 1, "python3");
    assertThat(page(content).select("[data-part=verdict] p.warning").text())
        .isEqualTo("Warning: web.listen 0.0.0.0:10611 is not a loopback address <b>.");
    assertThat(StatusJson.status(content)).contains("\"warnings\": [");
    PageContent without = SamplePages.of(SamplePages.look(true, List.of()), null);
    assertThat(page(without).select("p.warning")).isEmpty();
    assertThat(StatusJson.status(without)).doesNotContain("warnings");
  }

  @Test
  void textOfTheHost_isEscapedEverywhere() {
    String evil = "<script>alert(1)</script>\"'&{{{css}}}";
    PageContent content = SamplePages.full(2, 2, evil);
    String text = html.render(content);
    assertThat(text).doesNotContain("<script>alert").contains("{{{css}}}");
    Document page = Jsoup.parse(text);
    assertThat(page.select("script")).hasSize(1);
    assertThat(page.select("table.listeners").text()).contains("<script>alert(1)</script>\"'&");
  }

  @Test
  void redactedPage_hasNoOwner() {
    String secret = "secretname";
    String text = html.render(OwnerRedaction.of(SamplePages.full(3, 3, secret)));
    assertThat(text).doesNotContain(secret).contains("Owners are shown to root").contains("611");
    String json = StatusJson.alerts(OwnerRedaction.of(SamplePages.full(3, 3, secret)));
    assertThat(json).doesNotContain(secret);
    JudgedSnapshot redacted = OwnerRedaction.of(SamplePages.full(3, 3, secret).last());
    assertThat(StatusJson.listeners(redacted)).doesNotContain(secret).contains("611");
  }

  @Test
  void hugePage_isBounded() {
    PageContent content = SamplePages.full(20_000, 10_000, "<".repeat(8_000));
    String text = html.render(content);
    assertThat(text).contains("And more: 10000 in all.", "And more: 20000 in all.", "...(cut)");
    assertThat(text.length()).isLessThan(8 << 20);
  }

  @Test
  void contentSecurityPolicy_namesStyleAndScriptOnly() throws Exception {
    Document page = page(null, null);
    assertThat(html.contentSecurityPolicy())
        .startsWith("default-src 'none'; ")
        .contains("style-src 'sha256-" + sha256(page.select("style").first().data()) + "'")
        .contains("script-src 'sha256-" + sha256(page.select("script").first().data()) + "'")
        .doesNotContain("unsafe");
    assertThat(page.select("[style], [onclick], [src]")).isEmpty();
  }

  private static String sha256(String text) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return Base64.getEncoder().encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void hostName_isEscaped() {
    PageContent content =
        new PageContent(
            "1",
            HostText.of("<b>x</b>"),
            null,
            null,
            SamplePages.NOW,
            List.of(),
            SamplePages.of(null, null).silences(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            true);
    assertThat(page(content).select("h1 b")).isEmpty();
  }
}
