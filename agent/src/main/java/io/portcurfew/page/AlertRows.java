package io.portcurfew.page;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.Silence;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.output.AlertsJson;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of findings, alerts and silences of the status page. */
final class AlertRows {

  /** Rows of the tables of findings and of alerts. */
  static final int MOST_ALERTS = 500;

  private AlertRows() {}

  static Map<String, Object> findings(PageContent page, Judgement judgement) {
    Map<AlertKey, Alert> alerts =
        page.alerts().stream()
            .filter(alert -> alert.endsAt() == null)
            .collect(Collectors.toMap(Alert::key, Function.identity(), (one, other) -> one));
    return HtmlText.table(
        judgement.findings(),
        MOST_ALERTS,
        finding -> finding(page, finding, alerts.get(AlertKey.of(finding))));
  }

  private static Map<String, Object> finding(
      PageContent page, Finding finding, @Nullable Alert alert) {
    Map<String, Object> row = row(finding, page);
    row.put("owner", HtmlText.parts(HtmlText.owners(finding.owners())));
    String because = finding.because();
    row.put("because", HtmlText.words(because == null ? "" : HtmlText.cut(because)));
    row.put("since", alert == null ? "" : HtmlText.time(alert.startsAt()));
    return row;
  }

  /** The values that findings and alerts share. */
  private static Map<String, Object> row(Finding finding, PageContent page) {
    Map<String, Object> row = new HashMap<>();
    row.put("severity", finding.severity().label());
    row.put("rank", finding.severity().compareTo(Severity.INFO));
    row.put("kind", finding.kind().label());
    row.put("rule", HtmlText.parts(finding.rule()));
    row.put("place", HtmlText.parts(place(finding)));
    row.put("message", HtmlText.parts(finding.message()));
    Endpoint endpoint = finding.endpoint();
    row.put("explain", endpoint == null ? "" : HtmlText.explain(endpoint));
    row.put("silenced", silencedUntil(page, finding));
    Object runbook = finding.notifySettings().runbook();
    row.put("runbook", runbook == null ? "" : runbook.toString());
    return row;
  }

  private static String silencedUntil(PageContent page, Finding finding) {
    return page.silences().matching(finding).stream()
        .map(Silence::endsAt)
        .max(Comparator.naturalOrder())
        .map(HtmlText::time)
        .orElse("");
  }

  private static Object place(Finding finding) {
    if (finding.endpoint() != null) {
      return finding.endpoint();
    }
    if (finding.socket() != null) {
      return finding.socket();
    }
    return finding.namespace() == null ? "the whole host" : "namespace " + finding.namespace();
  }

  static Map<String, Object> alerts(PageContent page) {
    List<Alert> sorted = page.alerts().stream().sorted(AlertsJson.ORDER).toList();
    return HtmlText.table(sorted, MOST_ALERTS, alert -> alert(page, alert));
  }

  private static Map<String, Object> alert(PageContent page, Alert alert) {
    Map<String, Object> row = row(alert.finding(), page);
    Instant end = alert.endsAt();
    row.put("state", alert.state().label());
    row.put("flapping", alert.notificationState().flapping());
    row.put("since", HtmlText.time(alert.startsAt()));
    row.put("until", end == null ? "" : HtmlText.time(end));
    if (end != null) {
      row.put("silenced", "");
    }
    return row;
  }

  static Map<String, Object> silence(Silence one) {
    Object matches = one.rule() != null ? "rule " + one.rule() : "endpoint " + one.endpoint();
    return Map.of(
        "matches", HtmlText.parts(matches),
        "until", HtmlText.time(one.endsAt()),
        "author", HtmlText.parts(one.author()),
        "comment", HtmlText.cut(one.comment()),
        "id", one.id());
  }
}
