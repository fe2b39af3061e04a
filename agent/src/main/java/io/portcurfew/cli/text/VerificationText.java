package io.portcurfew.cli.text;

import io.portcurfew.json.Json;
import io.portcurfew.store.audit.VerificationResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** The result of verifying the audit log, as text and as JSON. */
public final class VerificationText {

  private VerificationText() {}

  /** Renders text. */
  public static String table(VerificationResult result) {
    String form = "%,d valid entries, beginning with %d. Head: %s\n";
    String counted = form.formatted(result.entries(), result.first(), result.head());
    return result.broken() == null
        ? "The log is intact: " + counted
        : "The log was ALTERED: " + result.broken() + ".\nIt has " + counted;
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
    return Json.pretty(tree);
  }
}
