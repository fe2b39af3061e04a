package io.portcurfew.cli.json;

import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.ManualCommand;
import io.portcurfew.explain.PortDecision;
import io.portcurfew.explain.PortNote;
import io.portcurfew.explain.RuleTrace;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.explain.TermCheck;
import io.portcurfew.explain.TraceStep;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.output.VerdictJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The JSON of {@code explain}, schema 1. Unknown values are absent. */
public final class ExplanationJson {

  private ExplanationJson() {}

  /** Renders the explanation. */
  public static String render(Explanation explanation) {
    Explanation.Now now = explanation.now();
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("host", now.host());
    root.put("taken_at", VerdictJson.time(now.takenAt()));
    root.put("port", explanation.query().port());
    root.put("protocols", List.copyOf(explanation.query().protocols()));
    root.put("catalogue", each(explanation.registrations(), ExplanationJson::registration));
    root.put("services", each(explanation.names(), ExplanationJson::name));
    root.put("services_remarks", explanation.servicesRemarks());
    root.put("notes", each(explanation.notes(), ExplanationJson::note));
    root.put("number", explanation.numberFacts());
    root.put("decisions", each(explanation.decisions(), ExplanationJson::decision));
    root.put("endpoints", each(explanation.traces(), ExplanationJson::trace));
    root.put("complete", now.complete());
    root.put(
        "listeners",
        each(now.listeners(), s -> VerdictJson.listener(s.listener(), s.looksLikeClient())));
    root.put("gaps", each(now.gaps(), VerdictJson::gap));
    root.put("commands", each(explanation.commands(), ExplanationJson::command));
    return Json.pretty(root);
  }

  private static <T> List<Map<String, Object>> each(
      List<T> all, Function<T, Map<String, Object>> form) {
    return all.stream().map(form).toList();
  }

  private static Map<String, Object> registration(Catalogue.PortEntry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("protocol", entry.protocol());
    tree.put("name", entry.name());
    tree.put("status", entry.status().label());
    tree.put("was", entry.was());
    tree.put("why", entry.why());
    tree.put("checked", entry.checked());
    tree.put("source", entry.source());
    return tree;
  }

  private static Map<String, Object> name(ServiceNames.ServiceName entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("protocol", entry.protocol());
    tree.put("name", entry.name());
    tree.put("aliases", entry.aliases());
    return tree;
  }

  private static Map<String, Object> note(PortNote note) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("title", note.title());
    tree.put("paragraphs", note.paragraphs());
    return tree;
  }

  private static Map<String, Object> decision(PortDecision decision) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("protocol", decision.protocol());
    if (decision.rule() != null) {
      tree.put("rule", decision.rule().name());
      Json.putKnown(tree, "because", decision.rule().because());
    }
    tree.put("expects", decision.expects());
    return tree;
  }

  private static Map<String, Object> trace(RuleTrace trace) {
    Map<String, Object> tree = EndpointJson.tree(trace.endpoint());
    if (trace.ruling() != null) {
      tree.put("verdict", trace.ruling().verdict().label());
    }
    trace.decides().ifPresent(rule -> tree.put("rule", rule.name()));
    tree.put("rules", each(trace.steps(), ExplanationJson::step));
    tree.put("terms", each(trace.checks(), ExplanationJson::check));
    tree.put("findings", each(trace.findings(), VerdictJson::finding));
    return tree;
  }

  private static Map<String, Object> step(TraceStep step) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rule", step.rule().name());
    tree.put("why", step.why().label());
    tree.put("words", step.text());
    return tree;
  }

  private static Map<String, Object> check(TermCheck check) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("term", check.term());
    tree.put("wanted", check.wanted());
    Json.putKnown(tree, "pid", check.pid());
    Json.putKnown(tree, "found", check.found());
    tree.put("holds", check.holds().name().toLowerCase(Locale.ROOT));
    return tree;
  }

  private static Map<String, Object> command(ManualCommand command) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("command", command.command());
    tree.put("remark", command.remark());
    return tree;
  }
}
