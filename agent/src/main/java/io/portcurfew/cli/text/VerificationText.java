package io.portcurfew.cli.text;

import io.portcurfew.json.Json;
import io.portcurfew.store.audit.VerificationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of verifying the audit log, as text and as JSON. */
public final class VerificationText {

  private static final String COVERED =
      "the audit log, which has the starts and ends of alerts, notifications to send, starts and"
          + " stops of the agent, reloads, gaps and silences";

  private static final String NOT_COVERED =
      "the tables of listeners, alerts, notifications and deliveries; the agent detects a changed"
          + " row at its start, but not a deleted one";

  private VerificationText() {}

  /** Renders text. */
  public static String table(VerificationResult result) {
    String form = "%,d valid entries, beginning with %d. Head: %s\n";
    String counted = form.formatted(result.entries(), result.first(), result.head());
    return (result.broken() == null
            ? "The log is intact: " + counted
            : "The log was ALTERED: " + result.broken() + ".\nIt has " + counted)
        + "Checked: "
        + COVERED
        + ".\nNot checked: "
        + NOT_COVERED
        + ".\n";
  }

  /** Renders JSON, schema 1. */
  public static String json(VerificationResult result) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", 1);
    tree.put("whole", result.broken() == null);
    tree.put("first", result.first());
    tree.put("entries", result.entries());
    tree.put("head", result.head().toString());
    tree.put("broken", result.broken());
    tree.put("covers", List.of("audit-log"));
    return Json.pretty(tree);
  }
}
