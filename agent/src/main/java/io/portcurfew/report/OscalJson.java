package io.portcurfew.report;

import io.portcurfew.json.Json;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Reports as assessment results of OSCAL 1.2.1 (NIST). A rule that was not reviewed is an
 * observation without a finding, since a finding is satisfied or not.
 */
public final class OscalJson {

  private static final String OSCAL = "1.2.1";
  private static final String NAMESPACE = "https://github.com/portcurfew/portcurfew/oscal";

  private OscalJson() {}

  /**
   * Writes reports, one at a time.
   *
   * @param version the version of the agent
   * @throws java.io.UncheckedIOException if the writer fails
   */
  public static void write(List<HostReport> reports, String version, Writer out) {
    Instant last =
        reports.stream().map(HostReport::to).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("title", "Listening ports and their policy");
    metadata.put("last-modified", last.toString());
    metadata.put("version", last.toString());
    metadata.put("oscal-version", OSCAL);
    metadata.put(
        "props", List.of(property("tool", "portcurfew"), property("tool-version", version)));
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("uuid", uuid("results", ids(reports)));
    results.put("metadata", metadata);
    results.put("import-ap", Map.of("href", "#" + uuid("plan", "portcurfew")));
    results.put("results", reports.stream().map(OscalJson::result));
    Json.pretty(Map.of("assessment-results", results), out);
  }

  private static String ids(List<HostReport> reports) {
    return reports.stream().map(OscalJson::id).collect(Collectors.joining("\n"));
  }

  private static String id(HostReport host) {
    return host.host() + " " + host.from() + " " + host.to() + " " + host.digest();
  }

  private static Map<String, Object> result(HostReport host) {
    String id = id(host);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("uuid", uuid("result", id));
    result.put("title", "Ports of " + host.host());
    result.put(
        "description",
        "Compared with the policy %s, digest %s. %s"
            .formatted(
                host.policy(),
                host.digest(),
                host.complete() ? "Everything was seen." : "Not everything could be seen."));
    result.put("start", host.from().toString());
    result.put("end", host.to().toString());
    result.put("props", properties(host));
    result.put("reviewed-controls", Map.of("control-selections", List.of(selection(host))));
    List<Map<String, Object>> observations = new ArrayList<>();
    List<Map<String, Object>> findings = new ArrayList<>();
    for (RuleReport rule : host.rules()) {
      observations.add(observation(host, rule, id));
      if (rule.status() != ReportStatus.NOT_REVIEWED) {
        findings.addAll(findings(rule, id));
      }
    }
    putFilled(result, "observations", observations);
    putFilled(result, "findings", findings);
    return result;
  }

  private static void putFilled(Map<String, Object> tree, String key, List<?> items) {
    if (!items.isEmpty()) {
      tree.put(key, items);
    }
  }

  private static List<Map<String, Object>> properties(HostReport host) {
    List<Map<String, Object>> properties = new ArrayList<>();
    properties.add(property("host", host.host()));
    if (host.head() != null) {
      properties.add(property("history-head", host.head()));
    }
    ListenerCounts counts = host.counts();
    properties.add(property("cis-4.8-authorized", "" + counts.authorized()));
    properties.add(property("cis-4.8-found", "" + counts.found()));
    properties.add(property("cis-4.8-found-authorized", "" + counts.foundAuthorized()));
    properties.add(property("cis-4.8-unauthorized", "" + counts.unauthorized()));
    return properties;
  }

  private static Map<String, Object> property(String name, String value) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("name", name);
    property.put("ns", NAMESPACE);
    property.put("value", value);
    return property;
  }

  private static Map<String, Object> selection(HostReport host) {
    List<Map<String, String>> controls =
        host.rules().stream()
            .flatMap(rule -> rule.controls().stream())
            .map(OscalJson::token)
            .distinct()
            .sorted()
            .map(control -> Map.of("control-id", control))
            .toList();
    return controls.isEmpty()
        ? Map.of("include-all", Map.of())
        : Map.of("include-controls", controls);
  }

  private static Map<String, Object> observation(HostReport host, RuleReport rule, String id) {
    Map<String, Object> observation = new LinkedHashMap<>();
    observation.put("uuid", uuid("observation", id + " " + rule.rule()));
    observation.put("title", rule.rule());
    observation.put(
        "description",
        "Required: %s. %s: %s"
            .formatted(
                rule.required(),
                rule.status().label(),
                rule.found().isEmpty() ? "no finding" : String.join("; ", rule.found())));
    List<Map<String, Object>> properties = new ArrayList<>();
    properties.add(property("status", rule.status().label()));
    if (rule.approvedBy() != null) {
      properties.add(property("approved-by", rule.approvedBy()));
    }
    if (rule.until() != null) {
      properties.add(property("until", rule.until()));
    }
    observation.put("props", properties);
    observation.put("methods", List.of("TEST"));
    observation.put("collected", host.to().toString());
    return observation;
  }

  /** One finding for each control of the rule; without controls one for the rule itself. */
  private static List<Map<String, Object>> findings(RuleReport rule, String id) {
    List<String> targets = rule.controls().isEmpty() ? List.of(rule.rule()) : rule.controls();
    return targets.stream().map(target -> finding(rule, target, id)).toList();
  }

  private static Map<String, Object> finding(RuleReport rule, String control, String id) {
    boolean passed = rule.status() == ReportStatus.PASS;
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("type", "objective-id");
    target.put("target-id", token(control));
    target.put("status", Map.of("state", passed ? "satisfied" : "not-satisfied"));
    Map<String, Object> finding = new LinkedHashMap<>();
    finding.put("uuid", uuid("finding", id + " " + rule.rule() + " " + control));
    finding.put("title", rule.rule() + ": " + control);
    finding.put(
        "description", rule.because() == null ? "Required: " + rule.required() : rule.because());
    finding.put("target", target);
    finding.put(
        "related-observations",
        List.of(Map.of("observation-uuid", uuid("observation", id + " " + rule.rule()))));
    return finding;
  }

  /** A name that OSCAL accepts as a token: it begins with a letter and has no colon. */
  private static String token(String control) {
    String token = control.replaceAll("[^A-Za-z0-9._-]", "_");
    return Character.isLetter(token.charAt(0)) ? token : "_" + token;
  }

  /** The same content has the same id, of version 5 of RFC 9562 in its form. */
  private static String uuid(String kind, String content) {
    UUID hash = UUID.nameUUIDFromBytes((kind + ":" + content).getBytes(StandardCharsets.UTF_8));
    long version = (hash.getMostSignificantBits() & ~0xF000L) | 0x5000L;
    return new UUID(version, hash.getLeastSignificantBits()).toString();
  }
}
