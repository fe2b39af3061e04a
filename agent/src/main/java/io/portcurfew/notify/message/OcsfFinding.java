package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification as a finding of the Open Cybersecurity Schema Framework 1.8.0: what the policy
 * says of the host is a Compliance Finding (class 2003); a hidden listener, a condition of the
 * agent and a summary are a Detection Finding (class 2004).
 */
public final class OcsfFinding {

  static final String VERSION = "1.8.0";

  private static final int FINDINGS_CATEGORY = 2;
  private static final int COMPLIANCE = 2003;
  private static final int DETECTION = 2004;

  private OcsfFinding() {}

  /**
   * The finding as a tree for {@link io.portcurfew.json.Json}.
   *
   * @param version the version of this agent
   */
  public static Map<String, Object> of(Notification one, String version, Instant now) {
    Summary summary = one.summary();
    Alert alert = one.alert();
    Finding finding = alert.finding();
    boolean compliance = summary == null && isCompliance(finding.kind());
    Map<String, Object> event = event(one, compliance ? COMPLIANCE : DETECTION, now);
    event.put("metadata", metadata(one, version));
    event.put("device", Map.of("hostname", AlertText.oneLine(one.host()), "type_id", 0));
    if (summary != null) {
      event.put("count", summary.count());
      event.put("finding_info", Map.of("uid", one.id(), "title", AlertText.line(one)));
      return event;
    }
    event.put("finding_info", info(one));
    if (compliance) {
      event.put("compliance", compliance(one));
    } else {
      event.put("is_alert", true);
    }
    List<Map<String, Object>> evidences = OcsfEvidence.of(finding);
    if (!evidences.isEmpty()) {
      event.put("evidences", evidences);
    }
    URI runbook = finding.notifySettings().runbook();
    if (runbook != null) {
      event.put(
          "remediation",
          Map.of("desc", "See the runbook.", "references", List.of(runbook.toString())));
    }
    event.put("start_time", alert.startsAt().toEpochMilli());
    Instant endsAt = alert.endsAt();
    if (endsAt != null) {
      event.put("end_time", endsAt.toEpochMilli());
    }
    event.put("unmapped", unmapped(one));
    return event;
  }

  private static boolean isCompliance(FindingType kind) {
    return kind instanceof FindingKind && kind != FindingKind.HIDDEN;
  }

  private static Map<String, Object> event(Notification one, int type, Instant now) {
    Summary summary = one.summary();
    Severity severity = summary == null ? one.alert().finding().severity() : summary.worst();
    int activity = activity(one.reason());
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("class_uid", type);
    event.put("class_name", type == COMPLIANCE ? "Compliance Finding" : "Detection Finding");
    event.put("category_uid", FINDINGS_CATEGORY);
    event.put("category_name", "Findings");
    event.put("activity_id", activity);
    event.put("type_uid", 100 * type + activity);
    event.put("time", now.toEpochMilli());
    event.put("message", AlertText.line(one));
    event.put("severity_id", severityId(severity));
    event.put("severity", severity.label());
    event.put("status_id", one.reason() == Reason.RESOLVED ? 4 : 1);
    return event;
  }

  /** Create, update, close. */
  private static int activity(Reason reason) {
    return switch (reason) {
      case FIRST, ALREADY_FIRING -> 1;
      case RESOLVED -> 3;
      case CHANGED, REPEATED, FLAPPING, SUMMARY -> 2;
    };
  }

  /** Informational, medium, critical. */
  private static int severityId(Severity severity) {
    return switch (severity) {
      case INFO -> 1;
      case WARNING -> 3;
      case CRITICAL -> 5;
    };
  }

  private static Map<String, Object> metadata(Notification one, String version) {
    Map<String, Object> product =
        Map.of("name", "Portcurfew", "vendor_name", "Portcurfew", "version", version);
    return Map.of("version", VERSION, "product", product, "uid", one.id());
  }

  private static Map<String, Object> info(Notification one) {
    Alert alert = one.alert();
    Finding finding = alert.finding();
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("uid", alert.id());
    info.put("title", AlertText.oneLine(AlertText.message(one)));
    info.put("first_seen_time", alert.startsAt().toEpochMilli());
    info.put("types", List.of(finding.kind().label()));
    // 1: a rule.
    info.put("analytic", Map.of("name", AlertText.oneLine(finding.rule()), "type_id", 1));
    return info;
  }

  private static Map<String, Object> compliance(Notification one) {
    Finding finding = one.alert().finding();
    Map<String, Object> compliance = new LinkedHashMap<>();
    compliance.put("control", AlertText.oneLine(finding.rule()));
    put(compliance, "desc", finding.because());
    compliance.put("status_id", complianceStatus(one));
    compliance.put("status_details", List.of(AlertText.oneLine(AlertText.message(one))));
    return compliance;
  }

  /** Pass, fail, or unknown for what could not be tested: not seen is never a pass. */
  private static int complianceStatus(Notification one) {
    if (one.reason() == Reason.RESOLVED) {
      return 1;
    }
    return one.alert().finding().kind().isBreach() ? 3 : 0;
  }

  private static Map<String, Object> unmapped(Notification one) {
    Finding finding = one.alert().finding();
    Map<String, Object> rest = new LinkedHashMap<>();
    rest.put("reason", one.reason().label());
    put(rest, "policy", one.policy());
    put(rest, "history_head", one.head());
    put(rest, "namespace", finding.namespace());
    if (!finding.notifySettings().labels().isEmpty()) {
      rest.put("labels", finding.notifySettings().labels());
    }
    return rest;
  }

  private static void put(Map<String, Object> into, String key, @Nullable String value) {
    if (value != null) {
      into.put(key, AlertText.oneLine(value));
    }
  }
}
