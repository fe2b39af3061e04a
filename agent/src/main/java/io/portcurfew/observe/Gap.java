package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a source could not see, and why.
 *
 * @param source the name of the source
 * @param what what is missing from its view
 * @param why the reason, in words for an admin; host text in it has been made visible
 * @param cause the reason as a value, where something may be done about it
 * @param place what it covers: of {@link What#NAMESPACE} without a name every namespace but the
 *     host's own
 */
public record Gap(String source, What what, String why, @Nullable Cause cause, Place place)
    implements Comparable<Gap> {

  private static final Comparator<Gap> ORDER =
      Comparator.comparing(Gap::source)
          .thenComparing(Gap::what)
          .thenComparing(Gap::why)
          .thenComparing(Gap::cause, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Gap::place);

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

  /** What may be behind a gap. */
  public enum Cause {
    /** A tool is not on this host. */
    NOT_INSTALLED,
    /** A tool failed and printed no row: all that lsof says where it found nothing. */
    NO_ROWS,
    /** The library through which the C library is called cannot be loaded. */
    NO_NATIVE_LIBRARY,
    /** A network namespace may not be entered. */
    NAMESPACE_CLOSED,
    /** A network namespace may not be entered, and no process is in it to read it through. */
    NAMESPACE_WITHOUT_PROCESS,
    /** sock_diag did not answer. */
    NO_SOCK_DIAG,
    /** Processes may not be looked into. */
    PROCESSES_CLOSED,
    /** Processes are not shown at all. */
    PROCESSES_HIDDEN
  }

  /** A gap that nothing can be done about, as far as is known, and that covers everything. */
  public Gap(String source, What what, String why) {
    this(source, what, why, null);
  }

  /** A gap that covers everything. */
  public Gap(String source, What what, String why, @Nullable Cause cause) {
    this(source, what, why, cause, Place.ANYWHERE);
  }

  /** The same in one network namespace. */
  public Gap within(String namespace) {
    return new Gap(source, what, why, cause, place.within(namespace));
  }

  /** Whether a listener may be missing from the view because of it. */
  public boolean hidesListeners() {
    return what == What.LISTENERS || what == What.NAMESPACE || what == What.ROW;
  }

  /** Whether it may hide a listener at this endpoint. */
  boolean covers(Endpoint endpoint) {
    return hidesListeners()
        && place.contains(endpoint)
        && !(isOfOtherNamespaces() && endpoint.namespace().equals(Endpoint.HOST));
  }

  /** Whether it may hide a listener of these protocols in that namespace; {@code null} is any. */
  boolean covers(Set<Protocol> protocols, @Nullable String namespace) {
    return hidesListeners()
        && place.meets(protocols, namespace)
        && !(isOfOtherNamespaces() && Endpoint.HOST.equals(namespace));
  }

  private boolean isOfOtherNamespaces() {
    return what == What.NAMESPACE && place.namespace() == null;
  }

  /**
   * Whether it is a limit of the agent's rights and no disturbance: a network namespace that no
   * process is in, and which the agent may not enter.
   */
  public boolean isLimit() {
    return what == What.NAMESPACE
        && cause == Cause.NAMESPACE_WITHOUT_PROCESS
        && place.namespace() != null;
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
