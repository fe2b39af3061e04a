package io.portcurfew.store;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.OwnerIdentity;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.store.audit.AuditLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of the audit log for changes of alerts. */
final class AlertEntries {

  private static final String ALERT = "alert";

  private AlertEntries() {}

  /**
   * Makes an entry for each alert.
   *
   * @param alerts the current alerts
   * @param dropped the ids of alerts that ended without any notification
   * @param notifications the notifications about them
   */
  static List<AuditLog.Entry> of(
      Collection<Alert> alerts, List<String> dropped, List<Notification> notifications) {
    Map<String, String> reasons = new HashMap<>();
    notifications.forEach(one -> reasons.put(one.alert().id(), one.reason().label()));
    List<AuditLog.Entry> entries = new ArrayList<>();
    alerts.forEach(alert -> entries.add(entry(alert, reasons)));
    dropped.forEach(
        id -> entries.add(new AuditLog.Entry(ALERT, Map.of("id", id, "state", "dropped"))));
    return entries;
  }

  private static AuditLog.Entry entry(Alert alert, Map<String, String> reasons) {
    Finding finding = alert.finding();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("id", alert.id());
    details.put("state", alert.state().label());
    putKnown(details, "told", reasons.get(alert.id()));
    details.put("rule", finding.rule());
    details.put("kind", finding.kind().label());
    details.put("severity", finding.severity().label());
    putKnown(details, "endpoint", finding.endpoint());
    putKnown(details, "namespace", finding.namespace());
    StoredAlertJson.putUnlessEmpty(details, "owners", OwnerIdentity.of(finding.owners()));
    return new AuditLog.Entry(ALERT, details);
  }
}
