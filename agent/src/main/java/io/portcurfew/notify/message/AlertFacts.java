package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The facts of an alert as names and values for people, each on one line. */
public final class AlertFacts {

  private AlertFacts() {}

  /** The known facts in display order. */
  public static Map<String, String> of(Notification one) {
    Map<String, String> facts = new LinkedHashMap<>();
    Summary summary = one.summary();
    if (summary != null) {
      put(facts, "Severity", summary.worst().label());
      put(facts, "Host", one.host());
      put(facts, "Policy", one.policy());
      put(facts, "History", one.head());
      return facts;
    }
    Alert alert = one.alert();
    Finding finding = alert.finding();
    Instant endsAt = alert.endsAt();
    put(facts, "Rule", finding.rule());
    put(facts, "Kind", finding.kind().label());
    put(facts, "Severity", finding.severity().label());
    put(facts, "Host", one.host());
    put(facts, "Endpoint", finding.endpoint());
    put(facts, "Namespace", finding.namespace());
    put(facts, "Owner", AlertText.owners(finding.owners()));
    put(facts, "Parent", AlertText.parents(finding.owners()));
    put(facts, "First seen", AlertText.time(alert.startsAt()));
    put(facts, "Resolved at", endsAt == null ? null : AlertText.time(endsAt));
    put(facts, "Because", finding.because());
    put(facts, "Runbook", finding.notifySettings().runbook());
    put(facts, "Policy", one.policy());
    put(facts, "History", one.head());
    return facts;
  }

  private static void put(Map<String, String> into, String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      into.put(name, AlertText.oneLine(value.toString()));
    }
  }
}
