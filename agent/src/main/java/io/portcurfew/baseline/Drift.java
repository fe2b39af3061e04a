package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint that differs from the baseline.
 *
 * @param endpoint a missing one has the wildcard address
 * @param rule the rule that selects it; {@code null} if none does
 * @param is the current listener; {@code null} if no source shows one
 */
public record Drift(DriftKind change, Endpoint endpoint, @Nullable Rule rule, @Nullable Listener is)
    implements Comparable<Drift> {

  private static final Comparator<Drift> ORDER =
      Comparator.comparing(Drift::endpoint).thenComparing(Drift::change);

  /** The kind of difference. */
  public enum DriftKind {
    /** A listener that is not in the baseline. */
    OPENED("+"),
    /** A listener of the baseline that is missing. */
    MISSING("-"),
    /** The owner, its executable or the address has changed. */
    CHANGED("~");

    private final String sign;
    private final String label = name().toLowerCase(Locale.ROOT);

    DriftKind(String sign) {
      this.sign = sign;
    }

    /** The sign at the beginning of its line. */
    public String sign() {
      return sign;
    }

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /** True if the rule does not allow the address. */
  public boolean changedAddress() {
    return change == DriftKind.CHANGED
        && rule != null
        && is != null
        && rule.allow(is) != Trilean.YES;
  }

  /** True if the rule does not accept the owner. */
  public boolean changedOwner() {
    return change == DriftKind.CHANGED
        && rule != null
        && is != null
        && rule.terms().accept(is) != Trilean.YES;
  }

  @Override
  public int compareTo(Drift other) {
    return ORDER.compare(this, other);
  }
}
