package io.portcurfew.observe;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that takes traffic (TCP in LISTEN, UDP bound and unconnected, or a redirect), with
 * its known owners.
 *
 * @param dualStack true if an IPv6 wildcard takes IPv4 too; {@code null} if unknown
 * @param owners one for each process, in order of pid; empty if no owner is known
 * @param seenBy the names of the sources that saw it
 * @param unknownOwner why the owner of one of its sockets is not known; {@code null} if all are
 *     known, or a source cannot say why
 * @param server true if a UDP socket is known to be a server, false if it is known to be a client;
 *     {@code null} if only its port shows the class
 * @param via the redirect that takes its traffic elsewhere, with or without a socket; {@code null}
 *     if there is none
 * @param interfaces the interfaces of its network namespace that have its address now; {@code null}
 *     if that is not known or no address decides it
 */
public record Listener(
    Endpoint endpoint,
    @Nullable Boolean dualStack,
    List<Owner> owners,
    SortedSet<String> seenBy,
    @Nullable UnknownOwner unknownOwner,
    @Nullable Boolean server,
    @Nullable Redirect via,
    @Nullable SortedSet<String> interfaces)
    implements Comparable<Listener> {

  public Listener {
    owners = List.copyOf(new TreeSet<>(owners));
    seenBy = Collections.unmodifiableSortedSet(new TreeSet<>(seenBy));
    interfaces =
        interfaces == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(interfaces));
  }

  /** A listener whose interfaces are not known. */
  public Listener(
      Endpoint endpoint,
      @Nullable Boolean dualStack,
      List<Owner> owners,
      SortedSet<String> seenBy,
      @Nullable UnknownOwner unknownOwner,
      @Nullable Boolean server,
      @Nullable Redirect via) {
    this(endpoint, dualStack, owners, seenBy, unknownOwner, server, via, null);
  }

  /** A listener whose class is not known. */
  public Listener(
      Endpoint endpoint,
      @Nullable Boolean dualStack,
      List<Owner> owners,
      SortedSet<String> seenBy,
      @Nullable UnknownOwner unknownOwner) {
    this(endpoint, dualStack, owners, seenBy, unknownOwner, null, null);
  }

  /** A listener without a cause for an unknown owner. */
  public Listener(
      Endpoint endpoint,
      @Nullable Boolean dualStack,
      List<Owner> owners,
      SortedSet<String> seenBy) {
    this(endpoint, dualStack, owners, seenBy, null);
  }

  /** Creates a listener that one source saw. */
  public Listener(
      Endpoint endpoint, @Nullable Boolean dualStack, Collection<Owner> owners, String source) {
    this(endpoint, dualStack, List.copyOf(owners), new TreeSet<>(Set.of(source)));
  }

  /** The same listener with the cause why the owner of one of its sockets is not known. */
  public Listener without(UnknownOwner cause) {
    return new Listener(endpoint, dualStack, owners, seenBy, cause, server, via, interfaces);
  }

  /** The same listener, known to be a server or a client. */
  public Listener asServer(boolean known) {
    return new Listener(endpoint, dualStack, owners, seenBy, unknownOwner, known, via, interfaces);
  }

  /** The same listener with the interfaces that have its address now. */
  public Listener on(@Nullable SortedSet<String> having) {
    return new Listener(endpoint, dualStack, owners, seenBy, unknownOwner, server, via, having);
  }

  /** A redirect that is not known to have a socket. */
  public static Listener redirect(Endpoint endpoint, List<Owner> owners, Redirect via) {
    return new Listener(
        endpoint, null, owners, new TreeSet<>(Set.of(Redirect.SOURCE)), null, true, via);
  }

  /** The same redirect in another network namespace. */
  public Listener within(String namespace) {
    Endpoint there =
        new Endpoint(endpoint.protocol(), endpoint.address(), endpoint.port(), namespace);
    return new Listener(there, dualStack, owners, seenBy, unknownOwner, server, via);
  }

  /** True if a source saw a socket, not only a redirect. */
  public boolean hasSocket() {
    return via == null || seenBy.size() > 1 || !seenBy.contains(Redirect.SOURCE);
  }

  /** The endpoint, and the redirect if there is one. */
  public String place() {
    return via == null ? endpoint.toString() : endpoint + " via " + via;
  }

  /**
   * Merges this listener with the facts of another look or source; this one's facts take
   * precedence. The one that knows an owner decides if another one is unknown.
   */
  public Listener and(Listener other) {
    Listener knowing = owners.isEmpty() && !other.owners.isEmpty() ? other : this;
    boolean none = owners.isEmpty() && other.owners.isEmpty();
    return none ? beside(other) : merged(other, knowing.unknownOwner);
  }

  /**
   * Merges the listeners of two sockets at one endpoint, or of a redirect to it. Traffic may reach
   * each of them, so one without a known owner leaves an owner unknown.
   */
  public Listener beside(Listener other) {
    return merged(other, unknownOwner != null ? unknownOwner : other.unknownOwner);
  }

  /** True if some owners are known and another one is not. */
  public boolean hasAnotherOwner() {
    return unknownOwner != null && !owners.isEmpty();
  }

  private Listener merged(Listener other, @Nullable UnknownOwner unknown) {
    TreeMap<Integer, Owner> byPid = new TreeMap<>();
    other.owners.forEach(owner -> byPid.put(owner.pid(), owner));
    owners.forEach(owner -> byPid.merge(owner.pid(), owner, (theirs, ours) -> ours.or(theirs)));
    SortedSet<String> sources = new TreeSet<>(seenBy);
    sources.addAll(other.seenBy);
    return new Listener(
        endpoint,
        dualStack != null ? dualStack : other.dualStack,
        List.copyOf(byPid.values()),
        sources,
        unknown,
        server != null ? server : other.server,
        via != null ? via : other.via,
        interfaces != null ? interfaces : other.interfaces);
  }

  /** True if an owner runs a file that a package upgrade has replaced. */
  public boolean hasReplacedOwner() {
    return owners.stream().anyMatch(owner -> owner.details().replaced());
  }

  @Override
  public int compareTo(Listener other) {
    return endpoint.compareTo(other.endpoint);
  }
}
