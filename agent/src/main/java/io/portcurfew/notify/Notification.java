package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Finding;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One message to the receivers about an alert, or about many.
 *
 * @param id stable over retries and restarts, so that a receiver recognises a repeat
 * @param alert its alert; in a summary the worst one
 * @param host the name of the observed host
 * @param policy the digest of the active policy
 * @param summary the content of a notification that replaces many; else {@code null}
 * @param head the {@linkplain Ledger#head head of the audit log} at the last attempt to deliver
 */
public record Notification(
    String id,
    Reason reason,
    Alert alert,
    String host,
    String policy,
    @Nullable Summary summary,
    @Nullable String head) {

  /** A notification before its first attempt. */
  public Notification(
      String id,
      Reason reason,
      Alert alert,
      String host,
      String policy,
      @Nullable Summary summary) {
    this(id, reason, alert, host, policy, summary, null);
  }

  /** A notification about one alert. */
  public Notification(String id, Reason reason, Alert alert, String host, String policy) {
    this(id, reason, alert, host, policy, null);
  }

  /** A summary of these notifications, at least one. */
  public static Notification of(List<Notification> all) {
    return of(all, Summary.of(all));
  }

  /** The same with this content. */
  static Notification of(List<Notification> all, Summary summary) {
    Notification last = all.get(all.size() - 1);
    String id =
        StableId.of(
            Stream.concat(Stream.of(Reason.SUMMARY.label()), ids(all, summary.shown()))
                .toArray(String[]::new));
    Alert worst = summary.shown().get(0).alert();
    return new Notification(id, Reason.SUMMARY, worst, last.host(), last.policy(), summary);
  }

  private static Stream<String> ids(List<Notification> all, List<Notification> shown) {
    return Stream.concat(all.stream(), shown.stream()).map(Notification::id);
  }

  /** A copy with another finding in its alert. */
  public Notification with(Finding finding) {
    return new Notification(id, reason, alert.with(finding), host, policy, summary, head);
  }

  /** A copy with the current head of the audit log. */
  public Notification at(@Nullable String now) {
    return new Notification(id, reason, alert, host, policy, summary, now);
  }
}
