package io.portcurfew.page;

import com.samskivert.mustache.Template;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.VerdictSummary;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.output.AlertsJson;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Renders the status page as HTML: a style sheet and a script that are part of it, everything else
 * escaped. It is readable without the script, which adds filter, sort and refresh.
 */
public final class StatusHtml {

  /** Rows of the listeners' table. */
  static final int MOST_LISTENERS = 2_000;

  /** Rows of the tables of findings and alerts. */
  static final int MOST_ALERTS = 500;

  /** Rows of the other tables. */
  static final int MOST = 100;

  private static final int LATEST = 20;

  private final PageResources resources = new PageResources();
  private final Template template = PageResources.template("status.mustache");

  /** The Content Security Policy of the page. */
  public String contentSecurityPolicy() {
    return resources.contentSecurityPolicy();
  }

  /** Renders the page. */
  public String render(PageContent page) {
    Map<String, Object> values = new HashMap<>();
    values.put("css", resources.css);
    values.put("script", resources.script);
    values.put("version", page.version());
    values.put("host", page.host());
    values.put("verdict", VerdictSentence.of(page));
    values.put("hidden", !page.showsOwners());
    JudgedSnapshot last = page.last();
    values.put("looked", last != null);
    if (last != null) {
      Snapshot snapshot = last.snapshot();
      values.put("takenAt", HtmlText.time(snapshot.takenAt()));
      long replaced = snapshot.replacedOwners();
      values.put("replaced", replaced == 0 ? "" : VerdictSummary.plural((int) replaced, "owner"));
      values.put("partial", !last.isComplete());
      values.put("findings", findings(page, last.judgement()));
      values.put("listeners", listeners(page, snapshot, last.judgement()));
      values.put("sources", HtmlText.table(snapshot.sources(), MOST, s -> source(s, snapshot)));
      values.put("sockets", sockets(page, snapshot, last.judgement()));
      values.put("limits", HtmlText.table(snapshot.limits(), MOST, StatusHtml::limit));
      values.put("gaps", HtmlText.table(snapshot.gaps(), MOST, StatusHtml::gap));
    }
    values.put("events", HtmlText.table(page.eventSources(), MOST, StatusHtml::eventSource));
    values.put("alerts", alerts(page));
    values.put("silences", HtmlText.table(page.silences().active(), MOST, StatusHtml::silence));
    history(page, values);
    return template.execute(values);
  }

  private static Map<String, Object> findings(PageContent page, Judgement judgement) {
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
    row.put("because", finding.because() == null ? "" : HtmlText.cut(finding.because()));
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

  private static Map<String, Object> listeners(
      PageContent page, Snapshot snapshot, Judgement judgement) {
    List<Listener> worst = new ArrayList<>(snapshot.listeners());
    // The cut rows must not be those with findings.
    worst.sort(Comparator.comparing(l -> !isFinding(judgement.rulings().get(l.endpoint()))));
    return HtmlText.table(
        worst,
        MOST_LISTENERS,
        listener -> listener(page, listener, judgement.rulings().get(listener.endpoint())));
  }

  private static boolean isFinding(@Nullable Ruling ruling) {
    return ruling != null && ruling.verdict().label().equals("finding");
  }

  private static Map<String, Object> listener(
      PageContent page, Listener listener, @Nullable Ruling ruling) {
    Endpoint endpoint = listener.endpoint();
    Instant first = page.firstSeen().get(endpoint);
    String rule = ruling == null || ruling.rule() == null ? "" : ruling.rule();
    Map<String, Object> row = new HashMap<>();
    row.put("id", "l" + StableId.of(endpoint.toString()));
    row.put("protocol", endpoint.protocol().label());
    row.put("address", HtmlText.parts(endpoint.address()));
    row.put("elsewhere", !endpoint.namespace().equals(Endpoint.HOST));
    row.put("namespace", HtmlText.parts(endpoint.namespace()));
    row.put("port", endpoint.port());
    row.put("explain", HtmlText.explain(endpoint));
    row.put("owner", HtmlText.parts(page.showsOwners() ? owner(listener) : ""));
    row.put("unit", HtmlText.parts(HtmlText.units(listener.owners())));
    row.put("rule", HtmlText.parts(rule));
    row.put("verdict", ruling == null ? "" : ruling.verdict().label());
    row.put("first", first == null ? "" : HtmlText.time(first));
    return row;
  }

  private static Map<String, Object> sockets(
      PageContent page, Snapshot snapshot, Judgement judgement) {
    List<OtherSocket> worst = new ArrayList<>(snapshot.sockets().all());
    worst.sort(Comparator.comparing(one -> !isFinding(judgement.socketRulings().get(one.place()))));
    return HtmlText.table(
        worst,
        MOST_ALERTS,
        socket -> socket(page, socket, judgement.socketRulings().get(socket.place())));
  }

  private static Map<String, Object> socket(
      PageContent page, OtherSocket socket, @Nullable Ruling ruling) {
    String owners = HtmlText.owners(socket.owners());
    String shown = owners.isEmpty() ? "not visible" : owners;
    String rule = ruling == null || ruling.rule() == null ? "" : ruling.rule();
    Map<String, Object> row = new HashMap<>();
    row.put("family", socket.place().family().label());
    row.put("place", HtmlText.parts(socket.place()));
    row.put("filtered", Boolean.TRUE.equals(socket.filtered()));
    row.put("count", socket.count());
    row.put("owner", HtmlText.parts(page.showsOwners() ? shown : ""));
    row.put("unit", HtmlText.parts(HtmlText.units(socket.owners())));
    row.put("rule", HtmlText.parts(rule));
    row.put("verdict", ruling == null ? "" : ruling.verdict().label());
    return row;
  }

  private static Map<String, Object> limit(String text) {
    return Map.of("text", HtmlText.parts(text));
  }

  private static String owner(Listener listener) {
    String owners = HtmlText.owners(listener.owners());
    if (listener.via() != null) {
      return (owners.isEmpty() ? "" : owners + ", ") + "via " + listener.via();
    }
    return owners.isEmpty() ? "not visible" : owners;
  }

  private static Map<String, Object> alerts(PageContent page) {
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

  private static Map<String, Object> silence(Silence one) {
    Object matches = one.rule() != null ? "rule " + one.rule() : "endpoint " + one.endpoint();
    return Map.of(
        "matches", HtmlText.parts(matches),
        "until", HtmlText.time(one.endsAt()),
        "author", HtmlText.parts(one.author()),
        "comment", HtmlText.cut(one.comment()),
        "id", one.id());
  }

  private static Map<String, Object> source(SourceReport source, Snapshot snapshot) {
    String state = !source.up() ? "down" : source.complete() ? "complete" : "partial";
    return Map.of(
        "name",
        source.name(),
        "state",
        state,
        "class",
        source.up() ? "up" : "down",
        "listeners",
        source.up() ? Integer.toString(source.listeners()) : "",
        "gaps",
        source.gaps(),
        "took",
        source.took().toMillis() + " ms",
        "at",
        HtmlText.time(snapshot.takenAt()));
  }

  private static Map<String, Object> eventSource(PageContent.EventSourceHealth source) {
    Instant last = source.last();
    return Map.of(
        "name", source.name(),
        "state", source.up() ? "used" : "not used",
        "class", source.up() ? "up" : "down",
        "opened", source.opened(),
        "closed", source.closed(),
        "lost", source.lost(),
        "last", last == null ? "" : HtmlText.time(last),
        "why", HtmlText.parts(HostText.visible(source.why())));
  }

  private static Map<String, Object> gap(Gap gap) {
    return Map.of(
        "source", gap.source(), "what", gap.what().label(), "why", HtmlText.parts(gap.why()));
  }

  private static void history(PageContent page, Map<String, Object> values) {
    List<PageContent.OpenPeriod> history = page.history();
    values.put("known", history != null);
    if (history != null) {
      values.put("timeline", new TimelineSvg(history, page.now()).values());
      List<Map<String, Object>> changes = new ArrayList<>();
      Instant start = page.now().minusSeconds(PageContent.HOURS * 3600L);
      history.forEach(period -> changes(period, start, changes));
      changes.sort(Comparator.comparing(change -> String.valueOf(change.get("at"))));
      Collections.reverse(changes);
      values.put("changes", HtmlText.table(changes, LATEST, Function.identity()));
    }
  }

  private static void changes(
      PageContent.OpenPeriod period, Instant start, List<Map<String, Object>> changes) {
    Instant last = period.last();
    if (!period.first().isBefore(start)) {
      changes.add(change(period, period.first(), "opened"));
    }
    if (last != null) {
      changes.add(change(period, last, "closed"));
    }
  }

  private static Map<String, Object> change(
      PageContent.OpenPeriod period, Instant at, String what) {
    return Map.of(
        "at", HtmlText.time(at),
        "what", what,
        "place", HtmlText.parts(period.endpoint()),
        "explain", HtmlText.explain(period.endpoint()),
        "owner", HtmlText.parts(period.owner()));
  }
}
