package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.FindingType;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an alert: rule, kind and endpoint, or the socket of another family, or the
 * network namespace if the alert is about a whole namespace; never a pid, an inode or an order.
 */
public record AlertKey(
    String rule,
    FindingType kind,
    @Nullable Endpoint endpoint,
    @Nullable String namespace,
    @Nullable SocketPlace socket)
    implements Comparable<AlertKey> {

  private static final Comparator<AlertKey> ORDER =
      Comparator.comparing(AlertKey::rule)
          .thenComparing(AlertKey::kind, FindingType.ORDER)
          .thenComparing(AlertKey::endpoint, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(AlertKey::namespace, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(AlertKey::socket, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** The key of an alert about an endpoint or the whole host. */
  public AlertKey(String rule, FindingType kind, @Nullable Endpoint endpoint) {
    this(rule, kind, endpoint, null, null);
  }

  /** The key of the alert that follows this finding. */
  public static AlertKey of(Finding finding) {
    return new AlertKey(
        finding.rule(), finding.kind(), finding.endpoint(), finding.namespace(), finding.socket());
  }

  @Override
  public int compareTo(AlertKey other) {
    return ORDER.compare(this, other);
  }
}
