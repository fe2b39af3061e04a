package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sample notifications. */
public final class SampleNotifications {

  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  public static final Endpoint NPMP =
      new Endpoint(Protocol.TCP, Address.parse("127.0.0.1").orElseThrow(), 611);
  public static final Owner PYTHON =
      new Owner(
          4711,
          HostText.of("python3"),
          HostText.of("/usr/bin/python3.11"),
          HostText.of("root"),
          0L);

  /** A name that breaks every format without escaping. */
  static final String HOSTILE = "x\" user.name=\"root\"\n\u001b[2J\u202eALERT {} ${jndi:x}";

  private SampleNotifications() {}

  public static Notification first() {
    return first("n1");
  }

  public static Notification first(String id) {
    return first(id, finding(Severity.CRITICAL, NPMP, PYTHON));
  }

  public static Notification first(String id, Finding finding) {
    Alert alert = new Alert("a1", AlertState.FIRING, finding, NOON, null);
    return new Notification(id, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  public static Notification resolved() {
    Finding open = finding(Severity.CRITICAL, NPMP, PYTHON);
    Finding closed =
        Finding.ofEndpoint(
            open.kind(),
            open.rule(),
            open.notifySettings(),
            NPMP,
            NPMP + " is closed again (open for 10 s)",
            open.owners(),
            open.evidence());
    Alert alert = new Alert("a1", AlertState.RESOLVED, closed, NOON, NOON.plusMillis(10_250));
    return new Notification("n2", Reason.RESOLVED, alert, "web-1", "0123456789ab");
  }

  public static Finding finding(Severity severity, Endpoint endpoint, Owner... owners) {
    String held = owners.length == 0 ? "" : ", held by " + owners[0].executable();
    return Finding.ofEndpoint(
        FindingKind.OPEN,
        "npmp-gui",
        NotifySettings.of(severity, "Registered as npmp-gui;\nnothing uses it."),
        endpoint,
        endpoint + " is open" + held,
        List.of(owners),
        List.of("sock_diag: listens", "ss: listens"));
  }

  /** A notification of a rule with these labels and a runbook. */
  public static Notification labelled(Map<String, String> labels) {
    URI runbook = URI.create("https://wiki.example.org/npmp");
    NotifySettings settings =
        new NotifySettings(Severity.CRITICAL, null, null, new TreeMap<>(labels), runbook);
    return first(
        "n1",
        Finding.ofEndpoint(
            FindingKind.OPEN, "npmp-gui", settings, NPMP, "open", List.of(PYTHON), List.of()));
  }

  public static Owner hostile() {
    return new Owner(
        666, HostText.of(HOSTILE), HostText.of("/tmp/" + HOSTILE), HostText.of(HOSTILE), null);
  }
}
