package io.portcurfew.cli.json;

import io.portcurfew.doctor.Check;
import io.portcurfew.doctor.Diagnosis;
import io.portcurfew.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of {@code doctor}, schema 1. A check without a remedy has no {@code do}. */
public final class DiagnosisJson {

  private DiagnosisJson() {}

  /** Renders the diagnosis. */
  public static String render(Diagnosis diagnosis) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("host", diagnosis.host());
    root.put("all_seen", diagnosis.allSeen());
    root.put("all_well", diagnosis.allWell());
    root.put("checks", diagnosis.checks().stream().map(DiagnosisJson::check).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> check(Check check) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("topic", check.topic().label());
    tree.put("name", check.name());
    tree.put("state", check.state().label());
    tree.put("found", check.found());
    if (check.remedy() != null) {
      tree.put("do", check.remedy());
    }
    return tree;
  }
}
