package io.portcurfew.page;

import io.portcurfew.alert.AlertState;
import io.portcurfew.json.Json;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.VerdictSummary;
import io.portcurfew.output.AlertsJson;
import io.portcurfew.output.VerdictJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The JSON of the web server: {@code /api/v1/status}, {@code /listeners} and {@code /alerts}. */
public final class StatusJson {

  private StatusJson() {}

  /** The verdict in few words, with counts and the health of the sources. */
  public static String status(PageContent page) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("host", page.host());
    root.put("version", page.version());
    root.put("owners_shown", page.showsOwners());
    JudgedSnapshot last = page.last();
    root.put("verdict", verdict(page));
    root.put("reason", VerdictSentence.of(page).text());
    Json.putKnown(root, "failed_at", page.failedAt() == null ? null : Json.time(page.failedAt()));
    if (last != null) {
      root.put("taken_at", Json.time(last.snapshot().takenAt()));
      root.put("compliant", last.judgement().compliant());
      root.put("listeners", last.snapshot().listeners().size());
      root.put("findings", last.judgement().findings().size());
      root.put("gaps", last.snapshot().gaps().stream().map(VerdictJson::gap).toList());
      root.put("sources", last.snapshot().sources().stream().map(VerdictJson::source).toList());
    }
    root.put("events", page.eventSources().stream().map(StatusJson::eventSource).toList());
    if (!page.warnings().isEmpty()) {
      root.put("warnings", page.warnings());
    }
    root.put("alerts_firing", firing(page));
    root.put("silences", page.silences().active().size());
    return Json.pretty(root);
  }

  private static Map<String, Object> eventSource(PageContent.EventSourceHealth source) {
    Instant last = source.last();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", source.name());
    tree.put("up", source.up());
    Json.putKnown(tree, "why", source.why().isEmpty() ? null : source.why());
    tree.put("opened", source.opened());
    tree.put("closed", source.closed());
    tree.put("lost", source.lost());
    Json.putKnown(tree, "last", last == null ? null : Json.time(last));
    return tree;
  }

  private static String verdict(PageContent page) {
    JudgedSnapshot last = page.last();
    if (last == null || page.isStale()) {
      return "unknown";
    }
    VerdictSummary summary = VerdictSummary.of(last);
    return summary.blind() ? "blind" : summary.word().name().toLowerCase(Locale.ROOT);
  }

  private static long firing(PageContent page) {
    return page.alerts().stream().filter(alert -> alert.state() == AlertState.FIRING).count();
  }

  /**
   * The form of {@code scan --output json}.
   *
   * @param last the last scan, which must have ended
   */
  public static String listeners(JudgedSnapshot last) {
    return VerdictJson.render(last.snapshot(), last.judgement());
  }

  /** The form of {@code alerts --output json}. */
  public static String alerts(PageContent page) {
    return AlertsJson.render(
        page.alerts().stream().sorted(AlertsJson.ORDER).toList(), page.silences());
  }

  /** The answer while no scan has ended. */
  public static String noScan() {
    return Json.pretty(Map.of("error", "no scan has ended yet"));
  }
}
