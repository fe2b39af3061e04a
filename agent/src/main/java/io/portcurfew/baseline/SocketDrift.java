package io.portcurfew.baseline;

import io.portcurfew.baseline.Drift.DriftKind;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.Rule;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of another family than TCP and UDP that differ from the baseline.
 *
 * @param place a missing one has a family and a namespace alone
 * @param rule the rule that selects it; {@code null} if none does
 * @param is what is there now; {@code null} if it is missing
 */
public record SocketDrift(
    DriftKind change, SocketPlace place, @Nullable Rule rule, @Nullable OtherSocket is)
    implements Comparable<SocketDrift> {

  private static final Comparator<SocketDrift> ORDER =
      Comparator.comparing(SocketDrift::place).thenComparing(SocketDrift::change);

  @Override
  public int compareTo(SocketDrift other) {
    return ORDER.compare(this, other);
  }
}
