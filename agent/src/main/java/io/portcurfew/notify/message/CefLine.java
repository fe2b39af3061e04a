package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A notification as a line of the Common Event Format, version 0 (ArcSight, revision 26). */
public final class CefLine {

  private CefLine() {}

  /**
   * The line, without a syslog header.
   *
   * @param version the version of this agent
   */
  public static String of(Notification one, String version) {
    Summary summary = one.summary();
    Finding finding = one.alert().finding();
    Severity severity = summary == null ? finding.severity() : summary.worst();
    String kind = summary == null ? finding.kind().label() : "summary";
    String title = AlertText.oneLine(summary == null ? AlertText.message(one) : summary.text());
    return "CEF:0|Portcurfew|Portcurfew|%s|%s|%s|%d|%s"
        .formatted(
            header(version), header(kind), header(title), severity(severity), extension(one));
  }

  /** 0 to 10. */
  private static int severity(Severity severity) {
    return switch (severity) {
      case INFO -> 3;
      case WARNING -> 6;
      case CRITICAL -> 10;
    };
  }

  private static String extension(Notification one) {
    Map<String, String> pairs = new LinkedHashMap<>();
    put(pairs, "dvchost", one.host());
    put(pairs, "externalId", one.summary() == null ? one.alert().id() : one.id());
    put(pairs, "act", one.reason().label());
    put(pairs, "outcome", AlertPayload.status(one));
    if (one.summary() == null) {
      alert(pairs, one.alert());
    } else {
      put(pairs, "cnt", one.summary().count());
    }
    custom(pairs, 2, "policy", one.policy());
    custom(pairs, 4, "history head", one.head());
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + value(pair.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static void alert(Map<String, String> pairs, Alert alert) {
    Finding finding = alert.finding();
    Instant endsAt = alert.endsAt();
    put(pairs, "start", alert.startsAt().toEpochMilli());
    put(pairs, "end", endsAt == null ? null : endsAt.toEpochMilli());
    Endpoint endpoint = finding.endpoint();
    if (endpoint != null) {
      put(pairs, "proto", endpoint.protocol().label().toUpperCase(Locale.ROOT));
      put(pairs, "dst", endpoint.address().cut() ? null : endpoint.address().host());
      put(pairs, "dpt", endpoint.port());
      custom(pairs, 3, "namespace", endpoint.namespace());
    }
    finding.owners().stream().findFirst().ifPresent(owner -> owner(pairs, owner));
    custom(pairs, 1, "rule", finding.rule());
    String parents = AlertText.parents(finding.owners());
    custom(pairs, 5, "parent", parents.isEmpty() ? null : parents);
    put(pairs, "reason", finding.because());
  }

  /** Only the first owner: these fields hold one. The name of the event has all owners. */
  private static void owner(Map<String, String> pairs, Owner owner) {
    put(pairs, "dpid", owner.pid());
    put(pairs, "dproc", owner.executable() == null ? owner.name() : owner.executable());
    put(pairs, "duser", owner.user());
    put(pairs, "duid", owner.uid());
  }

  private static void custom(
      Map<String, String> pairs, int number, String label, @Nullable Object value) {
    if (value != null) {
      put(pairs, "cs" + number + "Label", label);
      put(pairs, "cs" + number, value);
    }
  }

  private static void put(Map<String, String> pairs, String key, @Nullable Object value) {
    if (value != null) {
      pairs.put(key, AlertText.oneLine(value.toString()));
    }
  }

  private static String header(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|");
  }

  private static String value(String text) {
    return text.replace("\\", "\\\\").replace("=", "\\=");
  }
}
