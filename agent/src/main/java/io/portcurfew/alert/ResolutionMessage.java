package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import java.time.Duration;
import java.time.Instant;

/**
 * The message of a resolved alert, as in {@code tcp 0.0.0.0:611 is closed again (open for 3 s)}.
 *
 * <p>A finding can also go away because the policy was edited, so an endpoint counts as closed only
 * if the snapshot does not hold it.
 */
final class ResolutionMessage {

  private final Snapshot snapshot;

  ResolutionMessage(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Replaces the message of an alert that has just been resolved. */
  Alert replaceIn(Alert alert) {
    Instant endsAt = alert.endsAt();
    if (endsAt == null) {
      return alert;
    }
    Finding finding = alert.finding();
    Endpoint endpoint = finding.endpoint();
    String lasted = duration(Duration.between(alert.startsAt(), endsAt));
    SocketPlace socket = finding.socket();
    String message =
        socket != null
            ? ofSocket(socket, lasted)
            : endpoint == null
                ? ofAgent(finding) + " (lasted " + lasted + ")"
                : ofEndpoint(finding, endpoint, lasted);
    return alert.with(finding.withMessage(message));
  }

  private String ofEndpoint(Finding finding, Endpoint endpoint, String lasted) {
    if (finding.kind() == FindingKind.MISSING) {
      return endpoint.protocol()
          + " port "
          + endpoint.port()
          + (isPortOpen(endpoint) ? " has a listener again" : " is no longer required")
          + (" (missing for " + lasted + ")");
    }
    if (finding.kind() == FindingKind.HIDDEN) {
      return endpoint + " is no longer hidden (hidden for " + lasted + ")";
    }
    BriefOpening brief = finding.brief();
    if (brief != null && !isOpen(endpoint)) {
      return endpoint + ": " + brief;
    }
    return isOpen(endpoint)
        ? endpoint + " still listens and no longer violates the rule (lasted " + lasted + ")"
        : endpoint + " is closed again (open for " + lasted + ")";
  }

  private String ofSocket(SocketPlace socket, String lasted) {
    boolean open = snapshot.sockets().all().stream().anyMatch(one -> one.place().equals(socket));
    return open
        ? socket + " is still open and no longer violates a rule (lasted " + lasted + ")"
        : socket + " is closed again (open for " + lasted + ")";
  }

  private static String ofAgent(Finding finding) {
    if (finding.kind() == FindingKind.BLIND) {
      return "the scan sees every listener again";
    }
    return finding.kind() instanceof AgentCondition condition
        ? of(condition)
        : finding.kind().label() + " is over";
  }

  private static String of(AgentCondition condition) {
    return switch (condition) {
      case POLICY_NOT_LOADED -> "the policy and the config are valid again";
      case SOURCE_DOWN -> "every source works again";
      case SCAN_LATE -> "scans are on time again";
      case LIBRARY_FORCED -> "no library is forced into the agent any more";
      case STORE_DAMAGED -> "the damaged database was removed";
      case ALERTS_FULL -> "every finding has an alert again";
      case STORE_NOT_WRITABLE -> "the database can be written again";
      case UNDELIVERED -> "no receiver has refused a notification lately";
      case HEARTBEAT, TEST -> condition.label() + " is over";
    };
  }

  private boolean isOpen(Endpoint endpoint) {
    return snapshot.listeners().stream().anyMatch(there -> there.endpoint().equals(endpoint));
  }

  private boolean isPortOpen(Endpoint wanted) {
    return snapshot.listeners().stream()
        .map(there -> there.endpoint())
        .anyMatch(at -> at.protocol() == wanted.protocol() && at.port() == wanted.port());
  }

  /** In the largest unit that has at least two of it, rounded down. */
  private static String duration(Duration lasted) {
    if (lasted.toSeconds() < 1) {
      return lasted.toMillis() + " ms";
    }
    if (lasted.toMinutes() < 2) {
      return lasted.toSeconds() + " s";
    }
    if (lasted.toHours() < 2) {
      return lasted.toMinutes() + " min";
    }
    return lasted.toDays() < 2 ? lasted.toHours() + " h" : lasted.toDays() + " days";
  }
}
