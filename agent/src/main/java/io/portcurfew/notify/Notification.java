package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told to a receiver.
 *
 * @param id stable over retries and restarts, so that a receiver can tell a repeat
 * @param alert what it is about; of a summary the worst of its alerts
 * @param host the name of the host that the alert is about
 * @param policy the digest of the policy that was in force
 * @param summary what it stands for where it stands for many
 * @param head the {@linkplain Ledger#head end of the log} when it was last tried to be told
 */
public record Notification(
    String id,
    Reason reason,
    Alert alert,
    String host,
    String policy,
    @Nullable Summary summary,
    @Nullable String head) {

  /** One that was not tried to be told yet. */
  public Notification(
      String id,
      Reason reason,
      Alert alert,
      String host,
      String policy,
      @Nullable Summary summary) {
    this(id, reason, alert, host, policy, summary, null);
  }

  /** About one alert. */
  public Notification(String id, Reason reason, Alert alert, String host, String policy) {
    this(id, reason, alert, host, policy, null);
  }

  /** One that stands for these, of which there is one at least. */
  public static Notification of(List<Notification> all) {
    Notification last = all.get(all.size() - 1);
    Summary summary = Summary.of(all);
    String id =
        StableId.of(
            Reason.SUMMARY.label(), all.get(0).id(), last.id(), Integer.toString(all.size()));
    Alert worst = summary.shown().get(0).alert();
    return new Notification(id, Reason.SUMMARY, worst, last.host(), last.policy(), summary);
  }

  /** The same with another finding in its alert. */
  public Notification with(Finding finding) {
    return new Notification(id, reason, alert.with(finding), host, policy, summary, head);
  }

  /** The same as it is told now. */
  public Notification at(@Nullable String now) {
    return new Notification(id, reason, alert, host, policy, summary, now);
  }
}
