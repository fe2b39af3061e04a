package io.portcurfew.cli.text;

import io.portcurfew.alert.Silence;
import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Silences as text and as JSON. */
public final class SilenceText {

  private static final List<String> HEAD = List.of("ID", "UNTIL", "BY", "WHAT", "COMMENT");

  private SilenceText() {}

  /** The alerts that a silence selects, as in {@code rule npmp-gui}. */
  public static String what(Silence silence) {
    return silence.rule() != null ? "rule " + silence.rule() : "endpoint " + silence.endpoint();
  }

  /** Renders a table. */
  public static String table(List<Silence> silences) {
    if (silences.isEmpty()) {
      return "There are no active silences.\n";
    }
    TextColumns columns = new TextColumns(HEAD);
    silences.forEach(one -> columns.row(row(one)));
    return String.join("\n", columns.lines()) + "\n";
  }

  private static List<String> row(Silence one) {
    return List.of(
        one.id(), VerdictJson.time(one.endsAt()), one.author(), what(one), one.comment());
  }

  /** Renders JSON, schema 1. */
  public static String json(List<Silence> silences) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("silences", silences.stream().map(SilenceText::tree).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> tree(Silence one) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", one.id());
    if (one.rule() != null) {
      tree.put("rule", one.rule());
    }
    if (one.endpoint() != null) {
      tree.put("endpoint", EndpointJson.tree(one.endpoint()));
    }
    tree.put("starts_at", VerdictJson.time(one.startsAt()));
    tree.put("ends_at", VerdictJson.time(one.endsAt()));
    tree.put("author", one.author());
    tree.put("comment", one.comment());
    return tree;
  }
}
