package io.portcurfew.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.util.EnumSet;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class ExplanationHtmlTest {

  private final ExplanationHtml html = new ExplanationHtml();

  private Document page(int port, Snapshot snapshot, boolean showsOwners) {
    Explanation explanation =
        Explanation.of(
            PortQuery.port(port, EnumSet.allOf(Protocol.class)),
            new Policy(true, List.of()),
            snapshot,
            Catalogue.shipped(),
            new ServiceNames(List.of(), List.of()),
            Platform.LINUX);
    return Jsoup.parse(html.render(explanation, showsOwners));
  }

  private static Snapshot scan(String program) {
    return SamplePages.look(true, List.of(), SamplePages.listeners(1, program)).snapshot();
  }

  @Test
  void currentListener_isShownWithItsOwner() {
    Document page = page(611, scan("<door>"), true);
    assertThat(page.select("main li").first().text())
        .isEqualTo("tcp 0.0.0.0:611, held by <door>[4711] /usr/bin/<door> as root");
    assertThat(page.text()).contains("Last scan: 2026-11-23T01:02:03Z.");
    assertThat(page.title()).isEqualTo("Port 611 on web-1 - Portcurfew");
  }

  @Test
  void unauthorizedReader_seesNoOwner() {
    Document page = page(611, OwnerRedaction.of(scan("secretname")), false);
    assertThat(page.select("main li").first().text()).isEqualTo("tcp 0.0.0.0:611");
    assertThat(page.text()).contains("Owners are shown to root").doesNotContain("secretname");
  }

  @Test
  void closedPort_isCalledClosedOnlyAfterACompleteScan() {
    assertThat(page(612, scan("x"), true).text()).contains("Nothing listens on it.");
    Snapshot partial = SamplePages.look(false, List.of()).snapshot();
    assertThat(page(612, partial, true).text())
        .contains("No listener was seen on it.", "The last scan was incomplete")
        .doesNotContain("Nothing listens");
  }
}
