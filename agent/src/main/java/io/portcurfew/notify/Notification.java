package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;

/**
 * What is to be told to every receiver.
 *
 * @param id stable over retries, so that a receiver can tell a repeat
 * @param host the name of the host that the alert is about
 * @param policy the digest of the policy that was in force
 */
public record Notification(String id, Reason reason, Alert alert, String host, String policy) {

  /** The same with another finding in its alert. */
  public Notification with(Finding finding) {
    return new Notification(id, reason, alert.with(finding), host, policy);
  }
}
