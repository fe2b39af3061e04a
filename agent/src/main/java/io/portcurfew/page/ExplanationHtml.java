package io.portcurfew.page;

import com.samskivert.mustache.Template;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.PortDecision;
import io.portcurfew.explain.PortNote;
import io.portcurfew.explain.RuleTrace;
import io.portcurfew.explain.TraceStep;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Renders the explanation of a port as HTML; the short form of {@code portcurfew explain}. */
public final class ExplanationHtml {

  private static final int MOST = 100;

  private final PageResources resources = new PageResources();
  private final Template template = PageResources.template("explain.mustache");

  /** The Content Security Policy of the page. */
  public String contentSecurityPolicy() {
    return resources.contentSecurityPolicy();
  }

  /**
   * Renders the explanation of a whole port.
   *
   * @param showsOwners true if the reader may see the owners
   */
  public String render(Explanation port, boolean showsOwners) {
    Map<String, Object> values = new HashMap<>();
    values.put("css", resources.css);
    values.put("port", port.query().port());
    Explanation.Now now = port.now();
    values.put("host", now.host());
    values.put("takenAt", HtmlText.time(now.takenAt()));
    values.put("complete", now.complete());
    values.put("shown", showsOwners);
    values.put("listeners", HtmlText.table(now.listeners(), MOST, l -> listener(l, showsOwners)));
    values.put(
        "registrations", HtmlText.table(port.registrations(), MOST, ExplanationHtml::registered));
    values.put(
        "names",
        HtmlText.table(
            port.names(), MOST, n -> Map.of("protocol", n.protocol().label(), "name", n.name())));
    values.put("notes", port.notes().stream().map(ExplanationHtml::note).toList());
    values.put("facts", port.numberFacts().stream().map(ExplanationHtml::words).toList());
    values.put("decisions", HtmlText.table(port.decisions(), MOST, ExplanationHtml::decision));
    values.put("traces", HtmlText.table(port.traces(), MOST, ExplanationHtml::trace));
    values.put(
        "commands",
        HtmlText.table(
            port.commands(),
            MOST,
            c -> Map.of("command", c.command(), "words", HtmlText.words(c.remark()))));
    return template.execute(values);
  }

  private static Map<String, Object> listener(Explanation.PortListener seen, boolean showsOwners) {
    Listener listener = seen.listener();
    List<String> owner = HtmlText.parts(showsOwners ? ListenerRows.owner(listener) : "");
    return Map.of(
        "place", HtmlText.parts(listener.endpoint()), "owner", !owner.isEmpty(), "owners", owner);
  }

  private static Map<String, Object> words(String text) {
    return Map.of("words", HtmlText.words(text));
  }

  private static Map<String, Object> note(PortNote note) {
    return Map.of(
        "title", note.title(),
        "paragraphs", note.paragraphs().stream().map(ExplanationHtml::words).toList());
  }

  private static Map<String, Object> registered(Catalogue.PortEntry entry) {
    return words(
        "%d/%s: %s (%s). %s %s Source: %s%s"
            .formatted(
                entry.port(),
                entry.protocol(),
                entry.name(),
                entry.status().label(),
                entry.was(),
                entry.why(),
                entry.source(),
                entry.checked() ? "." : "; not verified for this catalogue."));
  }

  private static Map<String, Object> decision(PortDecision decision) {
    Rule rule = decision.rule();
    String because = rule == null ? null : rule.because();
    return words(
        decision.protocol()
            + ": "
            + (rule == null ? "no rule" : "rule " + rule.name())
            + " decides. "
            + decision.expects()
            + (because == null ? "" : " Because: " + because));
  }

  /** The rules that select the port; a policy may have thousands for other ports. */
  private static Map<String, Object> trace(RuleTrace trace) {
    List<Map<String, Object>> steps =
        trace.steps().stream()
            .filter(step -> step.why() != TraceStep.Why.OTHER_PORTS)
            .limit(MOST)
            .map(step -> Map.<String, Object>of("rule", step.rule().name(), "text", step.text()))
            .toList();
    return Map.of(
        "place",
        HtmlText.parts(trace.endpoint()),
        "steps",
        steps,
        "verdict",
        trace.ruling() == null ? "nothing listens" : trace.ruling().verdict().label());
  }
}
