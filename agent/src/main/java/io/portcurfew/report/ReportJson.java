package io.portcurfew.report;

import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports as JSON, schema 1; the form in which the reports of many hosts are gathered. */
public final class ReportJson {

  private static final long SCHEMA = 1;

  private ReportJson() {}

  /** Writes reports: one as an object, several as a list {@code hosts}. */
  public static String write(List<HostReport> reports) {
    if (reports.size() == 1) {
      return Json.pretty(tree(reports.get(0)));
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", SCHEMA);
    root.put("hosts", reports.stream().map(ReportJson::tree).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> tree(HostReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", SCHEMA);
    tree.put("host", report.host());
    tree.put("from", report.from().toString());
    tree.put("to", report.to().toString());
    tree.put("complete", report.complete());
    Json.putKnown(tree, "head", report.head());
    tree.put("policy", report.policy());
    tree.put("digest", report.digest());
    ListenerCounts counts = report.counts();
    Map<String, Object> cis = new LinkedHashMap<>();
    cis.put("authorized", counts.authorized());
    cis.put("found", counts.found());
    cis.put("found_authorized", counts.foundAuthorized());
    cis.put("unauthorized", counts.unauthorized());
    cis.put("without_rule", counts.withoutRule());
    tree.put("counts", cis);
    tree.put("rules", report.rules().stream().map(ReportJson::tree).toList());
    tree.put("gaps", report.gaps());
    tree.put("without_rule", report.withoutRule());
    tree.put("silences", report.silences());
    tree.put("changes", report.changes());
    return tree;
  }

  private static Map<String, Object> tree(RuleReport rule) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rule", rule.rule());
    tree.put("required", rule.required());
    tree.put("controls", rule.controls());
    Json.putKnown(tree, "because", rule.because());
    Json.putKnown(tree, "approved_by", rule.approvedBy());
    Json.putKnown(tree, "until", rule.until());
    tree.put("status", rule.status().label());
    tree.put("found", rule.found());
    return tree;
  }

  /**
   * Reads the reports of a file.
   *
   * @throws IllegalArgumentException if the text is not a report
   */
  public static List<HostReport> read(String text) {
    JsonTree root = JsonTree.of(text);
    if (root.number("schema") != SCHEMA) {
      throw new IllegalArgumentException("schema is not 1");
    }
    return root.names().contains("hosts")
        ? root.trees("hosts").stream().map(ReportJson::report).toList()
        : List.of(report(root));
  }

  private static HostReport report(JsonTree tree) {
    JsonTree counts = tree.tree("counts");
    return new HostReport(
        tree.text("host"),
        time(tree.text("from")),
        time(tree.text("to")),
        Boolean.TRUE.equals(tree.flagOr("complete")),
        tree.textOr("head"),
        tree.text("policy"),
        tree.text("digest"),
        new ListenerCounts(
            count(counts, "authorized"),
            count(counts, "found"),
            count(counts, "found_authorized"),
            count(counts, "unauthorized"),
            count(counts, "without_rule")),
        tree.trees("rules").stream().map(ReportJson::rule).toList(),
        tree.texts("gaps"),
        tree.texts("without_rule"),
        tree.texts("silences"),
        tree.texts("changes"));
  }

  private static int count(JsonTree counts, String name) {
    return Math.toIntExact(counts.number(name));
  }

  private static RuleReport rule(JsonTree tree) {
    return new RuleReport(
        tree.text("rule"),
        tree.text("required"),
        tree.texts("controls"),
        tree.textOr("because"),
        tree.textOr("approved_by"),
        tree.textOr("until"),
        ReportStatus.of(tree.text("status")),
        tree.texts("found"));
  }

  private static Instant time(@Nullable String text) {
    try {
      return Instant.parse(String.valueOf(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time", e);
    }
  }
}
