package io.portcurfew.observe;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All listeners at one moment, and the gaps.
 *
 * @param host the name of the host
 * @param complete true if at least one source would have seen every listener, in every network
 *     namespace; otherwise nothing counts as closed, resolved or compliant in the {@linkplain
 *     #covers places that no source saw}
 * @param listeners in order of endpoint
 * @param disagreements the differences between complete sources in this one look
 * @param ephemeral the ports that the host assigns to clients
 * @param sockets the sockets of other families than TCP and UDP
 * @param limits the parts that the sources never see with these rights on this kernel
 */
public record Snapshot(
    HostText host,
    Instant takenAt,
    boolean complete,
    List<Listener> listeners,
    List<Gap> gaps,
    List<SourceReport> sources,
    List<Disagreement> disagreements,
    PortRange ephemeral,
    OtherSockets sockets,
    List<String> limits) {

  /** A snapshot for which no source looked at sockets of other families. */
  public Snapshot(
      HostText host,
      Instant takenAt,
      boolean complete,
      List<Listener> listeners,
      List<Gap> gaps,
      List<SourceReport> sources,
      List<Disagreement> disagreements,
      PortRange ephemeral) {
    this(
        host,
        takenAt,
        complete,
        listeners,
        gaps,
        sources,
        disagreements,
        ephemeral,
        OtherSockets.NOT_LOOKED,
        List.of());
  }

  public Snapshot {
    listeners = OrderedListeners.of(listeners);
    gaps = gaps.size() < 2 ? List.copyOf(gaps) : gaps.stream().sorted().distinct().toList();
    sources = List.copyOf(sources);
    disagreements = List.copyOf(disagreements);
    limits = List.copyOf(limits);
  }

  /** Merges the views of one look into a snapshot. */
  public static Snapshot of(
      HostText host, Instant takenAt, List<TimedView> looks, PortRange ephemeral) {
    return looks.size() == 1
        ? of(host, takenAt, looks.get(0), ephemeral)
        : ofSeveral(host, takenAt, looks, ephemeral);
  }

  /** The scans of the daemon have one view each, which needs no merging. */
  private static Snapshot of(HostText host, Instant takenAt, TimedView look, PortRange ephemeral) {
    View view = look.view();
    return new Snapshot(
        host,
        takenAt,
        isComplete(List.of(view)),
        view.listeners(),
        view.gaps(),
        List.of(look.report()),
        List.of(),
        ephemeral,
        view.sockets().looked() ? view.sockets() : OtherSockets.NOT_LOOKED,
        sorted(view.limits()));
  }

  private static List<String> sorted(List<String> limits) {
    return limits.size() < 2 ? limits : limits.stream().distinct().sorted().toList();
  }

  private static Snapshot ofSeveral(
      HostText host, Instant takenAt, List<TimedView> looks, PortRange ephemeral) {
    List<View> views = looks.stream().map(TimedView::view).toList();
    List<Listener> listeners = ViewMerge.listeners(views);
    return new Snapshot(
        host,
        takenAt,
        isComplete(views),
        listeners,
        views.stream().flatMap(view -> view.gaps().stream()).toList(),
        looks.stream().map(TimedView::report).toList(),
        ViewMerge.disagreements(views, listeners),
        ephemeral,
        views.stream()
            .map(View::sockets)
            .filter(OtherSockets::looked)
            .findFirst()
            .orElse(OtherSockets.NOT_LOOKED),
        sorted(views.stream().flatMap(view -> view.limits().stream()).toList()));
  }

  /**
   * A namespace that no source could read makes the snapshot incomplete, however complete the
   * others are.
   */
  private static boolean isComplete(List<View> views) {
    boolean complete = false;
    for (View view : views) {
      complete |= view.complete();
      for (Gap gap : view.gaps()) {
        if (gap.what() == Gap.What.NAMESPACE) {
          return false;
        }
      }
    }
    return complete;
  }

  /** Returns true if a listener at this endpoint would have been seen. */
  public boolean covers(Endpoint endpoint) {
    boolean onHost = endpoint.namespace().equals(Endpoint.HOST);
    return sees(onHost, gap -> gap.covers(endpoint));
  }

  /**
   * Returns true if a listener or a socket of another family at this place would have been seen.
   */
  public boolean covers(TrafficPlace place) {
    return place instanceof Endpoint endpoint
        ? covers(endpoint)
        : sockets.covers((SocketPlace) place);
  }

  /**
   * Returns true if every listener of these protocols would have been seen.
   *
   * @param namespace the network namespace; {@code null} means every one
   */
  public boolean covers(Set<Protocol> protocols, @Nullable String namespace) {
    return sees(Endpoint.HOST.equals(namespace), gap -> gap.covers(protocols, namespace));
  }

  /**
   * Returns the same, but ignores namespaces that no process is in and that the agent may not
   * enter.
   */
  public boolean coversButForLimits(Set<Protocol> protocols, @Nullable String namespace) {
    return sees(
        Endpoint.HOST.equals(namespace), gap -> !gap.isLimit() && gap.covers(protocols, namespace));
  }

  private boolean sees(boolean onHost, Predicate<Gap> isCoveredBy) {
    return complete
        || sources.stream()
            .anyMatch(source -> (onHost && source.complete()) || sees(source, isCoveredBy));
  }

  /** An incomplete source without a gap over listeners may have missed anything. */
  private boolean sees(SourceReport source, Predicate<Gap> isCoveredBy) {
    List<Gap> hiding =
        gaps.stream()
            .filter(gap -> gap.source().equals(source.name()) && gap.hidesListeners())
            .toList();
    return source.up() && !hiding.isEmpty() && hiding.stream().noneMatch(isCoveredBy);
  }

  /**
   * Adds listeners that the sources of this snapshot did not show; listeners that they showed stay
   * unchanged.
   */
  public Snapshot and(List<Listener> unseen) {
    if (unseen.isEmpty()) {
      return this;
    }
    Map<Endpoint, Listener> all = new HashMap<>();
    unseen.forEach(listener -> all.put(listener.endpoint(), listener));
    listeners.forEach(listener -> all.put(listener.endpoint(), listener));
    return with(OrderedListeners.of(all.values()));
  }

  /**
   * Returns true if a judgement of that snapshot holds for this one too: the same list of listeners
   * and the same gaps. It may return false where a longer comparison would return true.
   */
  // Comparing thousands of listeners would cost as much as judging them.
  @SuppressWarnings("ReferenceEquality")
  public boolean showsTheSameAs(Snapshot other) {
    return listeners == other.listeners
        && sockets == other.sockets
        && limits.equals(other.limits)
        && complete == other.complete
        && gaps.equals(other.gaps);
  }

  /** Adds gaps that come from none of its sources. */
  public Snapshot withGaps(List<Gap> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Gap> all = Stream.concat(gaps.stream(), more.stream()).toList();
    return new Snapshot(
        host,
        takenAt,
        complete,
        listeners,
        all,
        sources,
        disagreements,
        ephemeral,
        sockets,
        limits);
  }

  /**
   * Returns true if a listener is the socket of a UDP client, or looks like one: unconnected, on a
   * port that the kernel assigns to clients. A table of the kernel gives no better sign; events do.
   */
  public boolean isOfClient(Listener listener) {
    Boolean server = listener.server();
    return listener.endpoint().protocol() == Protocol.UDP
        && (server == null ? ephemeral.contains(listener.endpoint().port()) : !server);
  }

  /** Counts the sources that would have seen every listener; two or more are compared. */
  public long completeSources() {
    return sources.stream().filter(SourceReport::complete).count();
  }

  /** Counts the processes that run a file which a package upgrade has replaced. */
  public long replacedOwners() {
    return listeners.stream()
        .flatMap(listener -> listener.owners().stream())
        .filter(owner -> owner.details().replaced())
        .map(Owner::pid)
        .distinct()
        .count();
  }

  /** Returns the same snapshot with these listeners. */
  public Snapshot with(List<Listener> others) {
    return new Snapshot(
        host, takenAt, complete, others, gaps, sources, disagreements, ephemeral, sockets, limits);
  }

  /** The same with other sockets of other families. */
  public Snapshot with(OtherSockets others) {
    return new Snapshot(
        host,
        takenAt,
        complete,
        listeners,
        gaps,
        sources,
        disagreements,
        ephemeral,
        others,
        limits);
  }
}
