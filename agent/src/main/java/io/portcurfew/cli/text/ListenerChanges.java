package io.portcurfew.cli.text;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The differences between two scans, for a table that is printed again and again.
 *
 * @param marks {@code +} at each endpoint that opened, {@code ~} at each whose owner or verdict
 *     changed
 * @param closed the listeners of the view that closed
 */
public record ListenerChanges(Map<Endpoint, String> marks, List<Endpoint> closed) {

  private static final String OPENED = "+";
  private static final String CHANGED = "~";

  public ListenerChanges {
    marks = Map.copyOf(marks);
    closed = List.copyOf(closed);
  }

  /**
   * Compares two scans.
   *
   * @param before {@code null} before the first scan, where nothing is a difference
   */
  public static ListenerChanges between(
      @Nullable JudgedSnapshot before, JudgedSnapshot now, TableView view) {
    if (before == null) {
      return new ListenerChanges(Map.of(), List.of());
    }
    Map<Endpoint, Listener> old = byEndpoint(before);
    Map<Endpoint, Listener> current = byEndpoint(now);
    Map<Endpoint, String> marks = new TreeMap<>();
    current.forEach(
        (endpoint, listener) -> {
          Listener other = old.get(endpoint);
          if (other == null) {
            marks.put(endpoint, OPENED);
          } else if (hasOtherOwner(other, listener) || hasOtherVerdict(endpoint, before, now)) {
            marks.put(endpoint, CHANGED);
          }
        });
    List<Endpoint> closed =
        old.values().stream()
            .filter(listener -> !current.containsKey(listener.endpoint()))
            .filter(listener -> view.shows(listener, before.judgement()))
            .map(Listener::endpoint)
            // Not seen is not closed.
            .filter(now.snapshot()::covers)
            .sorted()
            .toList();
    return new ListenerChanges(marks, closed);
  }

  private static Map<Endpoint, Listener> byEndpoint(JudgedSnapshot judged) {
    return judged.snapshot().listeners().stream()
        .collect(Collectors.toMap(Listener::endpoint, Function.identity(), (one, other) -> one));
  }

  /** An owner that one of the scans has not found yet is no other owner. */
  private static boolean hasOtherOwner(Listener before, Listener now) {
    return !before.owners().isEmpty()
        && !now.owners().isEmpty()
        && !owners(before).equals(owners(now));
  }

  private static List<String> owners(Listener listener) {
    return listener.owners().stream().map(owner -> OwnerCell.of(owner, true)).sorted().toList();
  }

  private static boolean hasOtherVerdict(
      Endpoint endpoint, JudgedSnapshot before, JudgedSnapshot now) {
    return !Objects.equals(
        before.judgement().rulings().get(endpoint), now.judgement().rulings().get(endpoint));
  }
}
