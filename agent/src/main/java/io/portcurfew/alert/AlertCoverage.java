package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.UndecidedChecks;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides if a scan without a finding proves that the finding of an earlier alert is gone. */
final class AlertCoverage {

  private final Snapshot snapshot;
  private final Map<AlertKey, Finding> found;
  private final Set<Endpoint> inDoubt;
  private final Set<Endpoint> undecided;

  /**
   * @param found the findings of this scan
   * @param judgement says what it could not decide
   */
  AlertCoverage(
      Alerts before, Snapshot snapshot, Map<AlertKey, Finding> found, Judgement judgement) {
    this.snapshot = snapshot;
    this.found = found;
    this.inDoubt = inDoubt(before, judgement.checks());
    this.undecided = judgement.undecided();
  }

  /** True if the subject of the alert is gone; false if this scan could not see it. */
  boolean provesGone(Alert alert) {
    boolean hasClosed = alert.finding().brief() != null;
    return hasClosed
        || (covers(alert.key()) && !isUndecided(alert.key()) && !isUncertain(alert.key()));
  }

  /**
   * The endpoints of hidden listeners about which no check has decided. Every alert about them goes
   * on: only that check may have shown the listener.
   */
  private static Set<Endpoint> inDoubt(Alerts before, UndecidedChecks checks) {
    Set<Endpoint> endpoints = new HashSet<>();
    if (checks.equals(UndecidedChecks.NONE)) {
      return endpoints;
    }
    for (Alert alert : before.open().values()) {
      Endpoint endpoint = alert.finding().endpoint();
      if (endpoint != null && checks.concern(alert.finding())) {
        endpoints.add(endpoint);
      }
    }
    return endpoints;
  }

  /** True if this scan would have seen the subject of the alert. */
  private boolean covers(AlertKey key) {
    if (key.endpoint() != null) {
      return snapshot.covers(key.endpoint());
    }
    if (key.socket() != null) {
      return snapshot.sockets().covers(key.socket());
    }
    // A namespace that was not seen has a finding of its own.
    return key.namespace() == null
        ? key.kind() == FindingKind.BLIND || snapshot.complete()
        : snapshot.covers(EnumSet.allOf(Protocol.class), key.namespace());
  }

  /** True if this scan covers the place, but could not see the subject of the alert. */
  private boolean isUncertain(AlertKey key) {
    if (key.kind() == FindingKind.BLIND) {
      return false;
    }
    boolean ownerUnknown =
        key.kind() == FindingKind.WRONG_OWNER
            && found.containsKey(
                new AlertKey(
                    key.rule(),
                    FindingKind.OWNER_UNKNOWN,
                    key.endpoint(),
                    key.namespace(),
                    key.socket()));
    return ownerUnknown || isBlindTo(key) || isInDoubt(key);
  }

  /** True if an event showed the listener and the scan did not; that it listens is certain. */
  private boolean isUndecided(AlertKey key) {
    return key.kind() != FindingKind.MISSING
        && key.endpoint() != null
        && undecided.contains(key.endpoint());
  }

  private boolean isInDoubt(AlertKey key) {
    Endpoint endpoint = key.endpoint();
    return endpoint != null
        && inDoubt.contains(endpoint)
        && (key.kind() == FindingKind.HIDDEN
            || snapshot.listeners().stream().noneMatch(one -> one.endpoint().equals(endpoint)));
  }

  private boolean isBlindTo(AlertKey key) {
    return isFound(key.rule(), FindingKind.BLIND, key.endpoint())
        || isFound(key.rule(), FindingKind.BLIND, null);
  }

  private boolean isFound(String rule, FindingKind kind, @Nullable Endpoint endpoint) {
    return found.containsKey(new AlertKey(rule, kind, endpoint));
  }
}
