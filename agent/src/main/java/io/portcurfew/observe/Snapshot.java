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
 * All listeners at one moment, and what could not be seen.
 *
 * @param host the name of the host
 * @param complete whether at least one source would have seen every listener, in every network
 *     namespace; without it nothing is closed, resolved or compliant in the {@linkplain #covers
 *     places that were not seen}
 * @param listeners in order of endpoint
 * @param disagreements where complete sources differ in this one look
 * @param ephemeral the ports that the host gives to clients
 */
public record Snapshot(
    HostText host,
    Instant takenAt,
    boolean complete,
    List<Listener> listeners,
    List<Gap> gaps,
    List<SourceReport> sources,
    List<Disagreement> disagreements,
    PortRange ephemeral) {

  public Snapshot {
    listeners = inOrder(listeners);
    gaps = gaps.stream().sorted().distinct().toList();
    sources = List.copyOf(sources);
    disagreements = List.copyOf(disagreements);
  }

  /**
   * The same list where it is in order already, as it is when nothing changed since the last look.
   */
  private static List<Listener> inOrder(List<Listener> listeners) {
    for (int i = 1; i < listeners.size(); i++) {
      if (listeners.get(i - 1).compareTo(listeners.get(i)) > 0) {
        return listeners.stream().sorted().toList();
      }
    }
    return List.copyOf(listeners);
  }

  /** One snapshot of what the sources saw in one look. */
  public static Snapshot of(
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
        ephemeral);
  }

  /** A namespace that nobody could look into is missing, however much was seen of the others. */
  private static boolean isComplete(List<View> views) {
    return views.stream().anyMatch(View::complete)
        && views.stream()
            .flatMap(view -> view.gaps().stream())
            .noneMatch(gap -> gap.what() == Gap.What.NAMESPACE);
  }

  /** Whether a listener at this endpoint would have been seen. */
  public boolean covers(Endpoint endpoint) {
    boolean onHost = endpoint.namespace().equals(Endpoint.HOST);
    return sees(onHost, gap -> gap.covers(endpoint));
  }

  /**
   * Whether every listener of these protocols would have been seen.
   *
   * @param namespace where; {@code null} is in every network namespace
   */
  public boolean covers(Set<Protocol> protocols, @Nullable String namespace) {
    return sees(Endpoint.HOST.equals(namespace), gap -> gap.covers(protocols, namespace));
  }

  /** The same but for namespaces that the agent has no right to enter and no process is in. */
  public boolean coversButForLimits(Set<Protocol> protocols, @Nullable String namespace) {
    return sees(
        Endpoint.HOST.equals(namespace), gap -> !gap.isLimit() && gap.covers(protocols, namespace));
  }

  private boolean sees(boolean onHost, Predicate<Gap> isCoveredBy) {
    return complete
        || sources.stream()
            .anyMatch(source -> (onHost && source.complete()) || sees(source, isCoveredBy));
  }

  /** A source that is not complete and does not say where may have missed anything. */
  private boolean sees(SourceReport source, Predicate<Gap> isCoveredBy) {
    List<Gap> hiding =
        gaps.stream()
            .filter(gap -> gap.source().equals(source.name()) && gap.hidesListeners())
            .toList();
    return source.up() && !hiding.isEmpty() && hiding.stream().noneMatch(isCoveredBy);
  }

  /**
   * The same snapshot with listeners that its own sources did not show; what they did show stays as
   * it is.
   */
  public Snapshot and(List<Listener> unseen) {
    if (unseen.isEmpty()) {
      return this;
    }
    Map<Endpoint, Listener> all = new HashMap<>();
    unseen.forEach(listener -> all.put(listener.endpoint(), listener));
    listeners.forEach(listener -> all.put(listener.endpoint(), listener));
    List<Listener> together = List.copyOf(all.values());
    return new Snapshot(host, takenAt, complete, together, gaps, sources, disagreements, ephemeral);
  }

  /**
   * Whether a judgement of that snapshot holds for this one too: its sources gave the very same
   * list and could see as much. It may say no where a longer comparison would say yes.
   */
  // Comparing thousands of listeners would cost what it is meant to save.
  @SuppressWarnings("ReferenceEquality")
  public boolean showsTheSameAs(Snapshot other) {
    return listeners == other.listeners && complete == other.complete && gaps.equals(other.gaps);
  }

  /** The same snapshot with gaps of something that is none of its sources. */
  public Snapshot withGaps(List<Gap> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Gap> all = Stream.concat(gaps.stream(), more.stream()).toList();
    return new Snapshot(host, takenAt, complete, listeners, all, sources, disagreements, ephemeral);
  }

  /** How many sources would have seen every listener: with two or more, they were compared. */
  public long completeSources() {
    return sources.stream().filter(SourceReport::complete).count();
  }

  /**
   * Whether a listener looks like the socket of a UDP client: unconnected, on every address, on a
   * port that the kernel gives to clients. The kernel tells no more than that.
   */
  public boolean isEphemeral(Listener listener) {
    Endpoint endpoint = listener.endpoint();
    return endpoint.protocol() == Protocol.UDP
        && endpoint.address().isWildcard()
        && ephemeral.contains(endpoint.port());
  }
}
