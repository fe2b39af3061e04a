package io.portcurfew.cli.text;

import io.portcurfew.json.Json;
import io.portcurfew.store.audit.VerificationResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether the log is whole, for people and as JSON. */
public final class VerificationText {

  private VerificationText() {}

  public static String table(VerificationResult proof) {
    String right = "%,d entries, from %d on. Head: %s\n";
    String counted = right.formatted(proof.entries(), proof.first(), proof.head());
    return proof.broken() == null
        ? "The log is whole: " + counted
        : "The log is NOT as it was written: " + proof.broken() + ".\nRight are " + counted;
  }

  public static String json(VerificationResult proof) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", 1);
    tree.put("whole", proof.broken() == null);
    tree.put("first", proof.first());
    tree.put("entries", proof.entries());
    tree.put("head", proof.head().toString());
    tree.put("broken", proof.broken());
    return Json.pretty(tree);
  }
}
