package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of the host that a source could not see, with the reason.
 *
 * @param source the name of the source
 * @param what the kind of information that is missing from its view
 * @param why the reason in words for an administrator; host text in it is already escaped
 * @param cause the reason as a value, if there may be a remedy
 * @param place the endpoints that it covers; a gap of {@link What#NAMESPACE} without a name covers
 *     every namespace but the host's own
 */
public record Gap(String source, What what, String why, @Nullable Cause cause, Place place)
    implements Comparable<Gap> {

  private static final Comparator<Gap> ORDER =
      Comparator.comparing(Gap::source)
          .thenComparing(Gap::what)
          .thenComparing(Gap::why)
          .thenComparing(Gap::cause, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Gap::place);

  /** The kind of information that may be missing. */
  public enum What {
    /** Listeners, any number of them. */
    LISTENERS,
    /**
     * Listeners of other network namespaces; a source of a single namespace cannot fill this gap.
     */
    NAMESPACE,
    /** One unreadable row: at most one listener. */
    ROW,
    /** The owners of some listeners. */
    OWNERS,
    /** One of the two protocols, or a transport that the policy does not judge. */
    PROTOCOL,
    /** Ports that the bind sweep did not try: only hidden listeners may be missing. */
    SWEEP,
    /** Events of the kernel that were lost: only listeners that opened and closed between scans. */
    EVENTS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /** The cause of a gap. */
  public enum Cause {
    /** A tool is not installed on this host. */
    NOT_INSTALLED,
    /** A tool failed and printed no row; lsof does the same when it finds nothing. */
    NO_ROWS,
    /** JNA, which calls the C library, cannot be loaded. */
    NO_NATIVE_LIBRARY,
    /** The agent may not enter a network namespace. */
    NAMESPACE_CLOSED,
    /**
     * The agent may not enter a network namespace, and no process in it gives access to its tables.
     */
    NAMESPACE_WITHOUT_PROCESS,
    /** sock_diag did not answer. */
    NO_SOCK_DIAG,
    /** The agent may not read the descriptors of other processes. */
    PROCESSES_CLOSED,
    /** /proc hides other processes. */
    PROCESSES_HIDDEN,
    /** The search for owners goes on in the next look. */
    OWNERS_NOT_YET,
    /** No known network namespace lists a socket, and the agent may not ask for its namespace. */
    SOCKETS_UNLISTED
  }

  /** Creates a gap without a known remedy that covers everything. */
  public Gap(String source, What what, String why) {
    this(source, what, why, null);
  }

  /** Creates a gap that covers everything. */
  public Gap(String source, What what, String why, @Nullable Cause cause) {
    this(source, what, why, cause, Place.ANYWHERE);
  }

  /** Returns this gap limited to one network namespace. */
  public Gap within(String namespace) {
    return new Gap(source, what, why, cause, place.within(namespace));
  }

  /** Returns true if a listener may be missing from the view because of it. */
  public boolean hidesListeners() {
    return what == What.LISTENERS || what == What.NAMESPACE || what == What.ROW;
  }

  /** Returns true if it may hide a listener at this endpoint. */
  public boolean covers(Endpoint endpoint) {
    return hidesListeners()
        && place.contains(endpoint)
        && !(isOfOtherNamespaces() && endpoint.namespace().equals(Endpoint.HOST));
  }

  /** Returns true if it may hide a listener of these protocols; a {@code null} namespace is any. */
  boolean covers(Set<Protocol> protocols, @Nullable String namespace) {
    return hidesListeners()
        && place.meets(protocols, namespace)
        && !(isOfOtherNamespaces() && Endpoint.HOST.equals(namespace));
  }

  private boolean isOfOtherNamespaces() {
    return what == What.NAMESPACE && place.namespace() == null;
  }

  /**
   * Returns true for a permanent limit of the agent's rights: a named network namespace that no
   * process is in and that the agent may not enter.
   */
  public boolean isLimit() {
    return what == What.NAMESPACE
        && cause == Cause.NAMESPACE_WITHOUT_PROCESS
        && place.namespace() != null;
  }

  /** Creates the gap of an unreadable row, which it quotes escaped and shortened. */
  public static Gap row(String source, String why, byte[] row) {
    return new Gap(source, What.ROW, why + ": " + HostText.of(row, 120));
  }

  @Override
  public int compareTo(Gap other) {
    return ORDER.compare(this, other);
  }
}
