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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Notifications of many alerts, which differ by a number. */
final class NumberedNotifications {

  private NumberedNotifications() {}

  /** A warning about a listener of one of three programs. */
  static Notification warning(int number) {
    Owner owner = new Owner(number + 1, null, HostText.of("/bin/p" + number % 3), null, null);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, number % 65_535 + 1);
    Finding finding = SampleNotifications.finding(Severity.WARNING, endpoint, owner);
    return of(number, finding);
  }

  static Notification critical(int number, String executable, long uid) {
    return critical("npmp-gui", number, executable, uid);
  }

  static Notification critical(String rule, int number, String executable, long uid) {
    Owner owner = new Owner(number + 1, null, HostText.of(executable), null, uid);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, number + 1);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            rule,
            NotifySettings.of(Severity.CRITICAL),
            endpoint,
            endpoint + " is open",
            List.of(owner),
            List.of());
    return of(number, finding);
  }

  static Notification of(int number, Finding finding) {
    Alert alert =
        new Alert("a" + number, AlertState.FIRING, finding, SampleNotifications.NOON, null);
    return new Notification("n" + number, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  /** The end of its alert. */
  static Notification ended(Notification one) {
    Alert fired = one.alert();
    Instant end = fired.startsAt().plusSeconds(10);
    Alert over = new Alert(fired.id(), AlertState.RESOLVED, fired.finding(), fired.startsAt(), end);
    return new Notification(one.id() + "-end", Reason.RESOLVED, over, one.host(), one.policy());
  }

  /** The ids of the alerts that ended. */
  static Set<String> ended(List<Notification> all) {
    return all.stream()
        .filter(one -> one.alert().state() == AlertState.RESOLVED)
        .map(one -> one.alert().id())
        .collect(Collectors.toSet());
  }
}
