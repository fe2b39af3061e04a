package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Kind;
import io.portcurfew.observe.Endpoint;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What makes an alert the same alert: rule, kind and endpoint, and never a pid, an inode or an
 * order.
 */
public record AlertKey(String rule, Kind kind, @Nullable Endpoint endpoint)
    implements Comparable<AlertKey> {

  private static final Comparator<AlertKey> ORDER =
      Comparator.comparing(AlertKey::rule)
          .thenComparing(AlertKey::kind)
          .thenComparing(AlertKey::endpoint, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** The key of the alert that follows this finding. */
  public static AlertKey of(Finding finding) {
    return new AlertKey(finding.rule(), finding.kind(), finding.endpoint());
  }

  @Override
  public int compareTo(AlertKey other) {
    return ORDER.compare(this, other);
  }
}
