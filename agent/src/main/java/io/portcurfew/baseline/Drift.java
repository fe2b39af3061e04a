package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint that is not as the baseline has it.
 *
 * @param endpoint of a missing one the address is the wildcard
 * @param rule the rule about it; {@code null} where none is
 * @param is what listens now; {@code null} where nothing does, or nothing that a source shows
 */
public record Drift(Change change, Endpoint endpoint, @Nullable Rule rule, @Nullable Listener is)
    implements Comparable<Drift> {

  private static final Comparator<Drift> ORDER =
      Comparator.comparing(Drift::endpoint).thenComparing(Drift::change);

  /** How an endpoint differs. */
  public enum Change {
    /** Something listens that the baseline does not have. */
    OPENED("+"),
    /** Nothing listens where the baseline has something. */
    MISSING("-"),
    /** Its owner, the file of that, or its address is another one. */
    CHANGED("~");

    private final String sign;
    private final String label = name().toLowerCase(Locale.ROOT);

    Change(String sign) {
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

  /** Whether it listens where the rule does not let it. */
  public boolean changedAddress() {
    return change == Change.CHANGED
        && rule != null
        && is != null
        && rule.terms().allow(is.endpoint().address()) != Trilean.YES;
  }

  /** Whether somebody holds it whom the rule does not accept. */
  public boolean changedOwner() {
    return change == Change.CHANGED
        && rule != null
        && is != null
        && rule.terms().accept(is.owners()) != Trilean.YES;
  }

  @Override
  public int compareTo(Drift other) {
    return ORDER.compare(this, other);
  }
}
