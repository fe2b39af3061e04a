package io.portcurfew.page;

import com.samskivert.mustache.Template;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.text.CountedNoun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Renders the status page as HTML: a style sheet and a script that are part of it, everything else
 * escaped. It is readable without the script, which adds filter, sort and refresh.
 */
public final class StatusHtml {

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
    VerdictSentence verdict = VerdictSentence.of(page);
    values.put("verdict", verdict);
    values.put("word", verdict.word());
    values.put("parts", PartLinks.of(page));
    values.put("hidden", !page.showsOwners());
    values.put("warnings", page.warnings());
    JudgedSnapshot last = page.last();
    values.put("looked", last != null);
    if (last != null) {
      Snapshot snapshot = last.snapshot();
      values.put("takenAt", HtmlText.time(snapshot.takenAt()));
      long replaced = snapshot.replacedOwners();
      values.put("replaced", replaced == 0 ? "" : CountedNoun.of(replaced, "owner"));
      values.put("partial", !last.isComplete());
      values.put("findings", AlertRows.findings(page, last.judgement()));
      values.put("listeners", ListenerRows.listeners(page, snapshot, last.judgement()));
      values.put("sources", HtmlText.table(snapshot.sources(), MOST, s -> source(s, snapshot)));
      values.put("sockets", ListenerRows.sockets(page, snapshot, last.judgement()));
      values.put("limits", HtmlText.table(snapshot.limits(), MOST, StatusHtml::limit));
      values.put("gaps", HtmlText.table(snapshot.gaps(), MOST, StatusHtml::gap));
    }
    values.put("events", HtmlText.table(page.eventSources(), MOST, StatusHtml::eventSource));
    values.put("alerts", AlertRows.alerts(page));
    values.put("silences", HtmlText.table(page.silences().active(), MOST, AlertRows::silence));
    history(page, values);
    return template.execute(values);
  }

  private static Map<String, Object> limit(String text) {
    return Map.of("text", HtmlText.reason(text));
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
        "why", HtmlText.reason(HostText.visible(source.why())));
  }

  private static Map<String, Object> gap(Gap gap) {
    return Map.of(
        "source", gap.source(), "what", gap.what().label(), "why", HtmlText.reason(gap.why()));
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
      PageContent.OpenPeriod period, Instant time, String what) {
    return Map.of(
        "at", HtmlText.time(time),
        "what", what,
        "place", HtmlText.parts(period.place()),
        "explain", period.place() instanceof Endpoint at ? HtmlText.explain(at) : "",
        "owner", HtmlText.parts(period.owner()));
  }
}
