package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.text.CountedNoun;
import io.portcurfew.text.ShortList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * TCP listeners whose opening the kernel reported, whose end it did not report, and whose socket no
 * scan lists: they are in a network namespace that the scans do not know. Safe for use by several
 * threads.
 */
public final class UnlistedOpenings {

  /** The scans that must have missed a listener. */
  private static final int SCANS = 2;

  /** A new namespace is known after this time. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The end of a socket may be among lost events, so what was opened before is then forgotten. */
  static final Duration AFTER_LOSS = Duration.ofMinutes(10);

  private static final int MOST = 4_096;
  static final int MOST_OF_USER = 1_024;
  private static final int MOST_PLACES = 32;
  private static final int MOST_NAMED = 4;

  /** Stands for a namespace whose number is not known. */
  static final String UNKNOWN = "unknown";

  private final PlacesByUser<WaitingOpening> waiting =
      new PlacesByUser<>(MOST, MOST_OF_USER, one -> one.opening.user());

  private final ListedSockets listed = new ListedSockets();

  /** The openings without a place since all of those with one were confirmed or had ended. */
  private long refused;

  private boolean changedElsewhere;
  private Set<Protocol> watched = Set.of();

  /**
   * An opening that no look has confirmed.
   *
   * @param namespace the inode of the network namespace in which its process was then; {@code null}
   *     if that was the host's, whose tables lacked it, or is unknown
   * @param opener the process in words, without raw text of the host
   * @param user the group of the user of that process
   * @param at when it opened, on the monotonic clock; of several sockets the first
   */
  public record Unconfirmed(
      Protocol protocol,
      Address address,
      int port,
      @Nullable Long namespace,
      String opener,
      long user,
      Duration at) {}

  private static final class WaitingOpening {
    private final long socket;
    private final Unconfirmed opening;
    private int missed;
    private @Nullable Duration until;

    WaitingOpening(long socket, Unconfirmed opening) {
      this.socket = socket;
      this.opening = opening;
    }
  }

  /**
   * Adds an opening, unless a look has found its socket.
   *
   * @param socket the number by which the events know the socket
   * @param shown the socket that the look found at its address; {@code null} if it found none
   * @return false if there is no place for it
   */
  public synchronized boolean add(long socket, Unconfirmed opening, @Nullable KernelSocket shown) {
    if (shown != null && listed.confirm(socket, shown.inode(), opening)) {
      return true;
    }
    boolean added = waiting.add(socket, new WaitingOpening(socket, opening));
    refused += added ? 0 : 1;
    return added;
  }

  /** Returns true if this may be the socket of an opening at that moment, and is no older one. */
  public synchronized boolean mayConfirm(KernelSocket shown, Duration opened) {
    return listed.mayConfirm(shown.inode(), opened);
  }

  /** A socket opened or ended, and not for certain in the namespace of the host. */
  public synchronized void changedElsewhere() {
    changedElsewhere = true;
  }

  /**
   * From now on events report each opening of these protocols. One until now may be unknown.
   *
   * @param protocols none if there are no events
   */
  public synchronized void watch(Set<Protocol> protocols) {
    watched = Set.copyOf(protocols);
    changedElsewhere = true;
  }

  /** Returns the protocols of which events report each opening. */
  public synchronized Set<Protocol> watched() {
    return watched;
  }

  /** Returns true if the scan that begins has to read every namespace. */
  public synchronized boolean takeChangedElsewhere() {
    boolean wanted = changedElsewhere || !waiting.isEmpty();
    changedElsewhere = false;
    return wanted;
  }

  /** Returns true if an opening waits for a scan that lists its socket. */
  public synchronized boolean areWaiting() {
    return !waiting.isEmpty();
  }

  /** Removes a socket that has ended. */
  public synchronized void closed(long socket) {
    listed.closed(socket);
    leave(socket);
  }

  private void leave(long socket) {
    waiting.remove(socket);
    if (waiting.isEmpty()) {
      refused = 0;
    }
  }

  /** Events were lost at this moment, and the ends of some sockets may be among them. */
  public synchronized void lost(Duration now) {
    changedElsewhere = true;
    Duration until = now.plus(AFTER_LOSS);
    waiting.values().stream().filter(one -> one.until == null).forEach(one -> one.until = until);
    listed.forgetAfter(until);
  }

  /**
   * Takes the sockets that a scan listed, where they differ from those of the scan before.
   *
   * @param tables those of each network namespace
   * @param now a moment after they were listed
   */
  public synchronized void list(
      Collection<? extends Collection<KernelSocket>> tables, Duration now) {
    listed.list(tables, now);
  }

  /**
   * Compares the openings with a scan, and returns a gap for each place with one that is missing.
   *
   * @param tables the sockets that it listed, by the name of their network namespace
   * @param names the names of the known network namespaces by inode
   * @param began when the scan began
   * @param isCovered true for an endpoint that a gap of the scan may hide
   */
  public synchronized List<Gap> scanned(
      String source,
      Map<String, ? extends Collection<KernelSocket>> tables,
      Map<Long, String> names,
      Duration began,
      Predicate<Endpoint> isCovered) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    Duration oldest =
        waiting.values().stream()
            .map(one -> one.opening.at())
            .min(Duration::compareTo)
            .orElse(began);
    ShownSockets shown =
        new ShownSockets(ports(), tables, inode -> listed.mayConfirm(inode, oldest));
    Map<String, List<Unconfirmed>> missing = new TreeMap<>();
    for (WaitingOpening one : inOrder()) {
      Unconfirmed opening = one.opening;
      String name = opening.namespace() == null ? null : names.get(opening.namespace());
      if (isShown(one, name, shown) || isOver(one, began)) {
        leave(one.socket);
      } else if (isMissing(one, began) && !isCovered.test(endpoint(opening, name))) {
        String place = place(opening.namespace(), name, missing);
        missing.computeIfAbsent(place, key -> new ArrayList<>()).add(opening);
      }
    }
    List<Gap> gaps = new ArrayList<>();
    missing.forEach((place, openings) -> gaps.add(gap(source, place, openings, refused)));
    return gaps;
  }

  private Set<Integer> ports() {
    return waiting.values().stream().map(one -> one.opening.port()).collect(Collectors.toSet());
  }

  /** Those of a known namespace have fewer sockets to choose from, so they come first. */
  private List<WaitingOpening> inOrder() {
    return waiting.values().stream()
        .sorted(Comparator.comparing(one -> one.opening.namespace() == null))
        .toList();
  }

  /** True if a socket confirms it; one that is in a namespace without a name has none. */
  private boolean isShown(WaitingOpening one, @Nullable String name, ShownSockets shown) {
    Unconfirmed opening = one.opening;
    return (name != null || opening.namespace() == null)
        && shown.any(
            opening.address(),
            opening.port(),
            name,
            inode -> listed.confirm(one.socket, inode, opening));
  }

  private static Endpoint endpoint(Unconfirmed opening, @Nullable String name) {
    return new Endpoint(
        opening.protocol(), opening.address(), opening.port(), name == null ? Endpoint.HOST : name);
  }

  private static boolean isOver(WaitingOpening one, Duration now) {
    return one.until != null && now.compareTo(one.until) > 0;
  }

  private static boolean isMissing(WaitingOpening one, Duration began) {
    if (one.opening.at().compareTo(began) < 0) {
      one.missed++;
    }
    return one.missed >= SCANS && began.minus(one.opening.at()).compareTo(PATIENCE) >= 0;
  }

  /** A process that is in a known namespace opened its socket before it came there. */
  private static String place(
      @Nullable Long namespace, @Nullable String name, Map<String, List<Unconfirmed>> missing) {
    return namespace == null || name != null || missing.size() >= MOST_PLACES
        ? UNKNOWN
        : "net:[" + namespace + "]";
  }

  private static Gap gap(String source, String place, List<Unconfirmed> openings, long refused) {
    List<String> all = openings.stream().map(UnlistedOpenings::describe).toList();
    String why =
        "in a network namespace that is not known, kept by a socket alone: "
            + ShortList.of(all, MOST_NAMED)
            + (refused > 0
                ? "; " + CountedNoun.of(refused, "more opening") + " had no place in the list"
                : "");
    return new Gap(source, Gap.What.NAMESPACE, why, null, Place.in(place));
  }

  private static String describe(Unconfirmed opening) {
    return opening.protocol()
        + " "
        + opening.address().host()
        + ":"
        + opening.port()
        + ", opened by "
        + opening.opener()
        + " of "
        + UserGroup.label(opening.user());
  }
}
