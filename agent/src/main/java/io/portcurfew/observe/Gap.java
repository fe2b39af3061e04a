package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Locale;

/**
 * What a source could not see, and why.
 *
 * @param source the name of the source
 * @param what what is missing from its view
 * @param why the reason, in words for an admin; host text in it has been made visible
 */
public record Gap(String source, What what, String why) implements Comparable<Gap> {

  private static final Comparator<Gap> ORDER =
      Comparator.comparing(Gap::source).thenComparing(Gap::what).thenComparing(Gap::why);

  /** What may be missing. */
  public enum What {
    /** Listeners, any number of them. */
    LISTENERS,
    /**
     * Listeners of other network namespaces, which no source of a single namespace makes up for.
     */
    NAMESPACE,
    /** A row that could not be read: at most one listener. */
    ROW,
    /** The owners of some listeners. */
    OWNERS,
    /** One of the two protocols, or a transport that is not judged. */
    PROTOCOL,
    /** Ports that the bind sweep did not try: only what something hides may be there. */
    SWEEP;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /** Whether a listener may be missing from the view because of it. */
  public boolean hidesListeners() {
    return what == What.LISTENERS || what == What.NAMESPACE || what == What.ROW;
  }

  /** A row that could not be read; it is shown escaped and cut. */
  public static Gap row(String source, String why, byte[] row) {
    return new Gap(source, What.ROW, why + ": " + HostText.of(row, 120));
  }

  @Override
  public int compareTo(Gap other) {
    return ORDER.compare(this, other);
  }
}
