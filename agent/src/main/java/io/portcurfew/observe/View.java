package io.portcurfew.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners and gaps that one source saw in one look.
 *
 * @param source the name of the source
 * @param complete true if this source would have seen every listener of its namespace: it had the
 *     rights, it answered, and every row was readable. An empty answer alone never makes a view
 *     complete.
 * @param listeners one for each endpoint, in order of endpoint
 * @param sockets the sockets of other families
 * @param limits the parts that the source never sees with its rights on this kernel, in words
 */
public record View(
    String source,
    boolean complete,
    List<Listener> listeners,
    List<Gap> gaps,
    OtherSockets sockets,
    List<String> limits) {

  /** A view of a source that does not look at sockets of other families. */
  public View(String source, boolean complete, List<Listener> listeners, List<Gap> gaps) {
    this(source, complete, listeners, gaps, OtherSockets.NOT_LOOKED, List.of());
  }

  public View {
    listeners = OrderedListeners.of(listeners);
    gaps = List.copyOf(gaps);
    limits = List.copyOf(limits);
    if (complete && areListenersHidden(gaps)) {
      throw new IllegalArgumentException("a view with a gap over listeners is not complete");
    }
  }

  /** Returns true if one of these gaps may hide a listener. */
  public static boolean areListenersHidden(List<Gap> gaps) {
    for (Gap gap : gaps) {
      if (gap.hidesListeners()) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if the source could look at all, however little it saw. */
  public boolean isUp() {
    return !listeners.isEmpty() || gaps.stream().noneMatch(View::hidesAll);
  }

  private static boolean hidesAll(Gap gap) {
    Place place = gap.place();
    boolean onHost = place.namespace() == null || place.namespace().equals(Endpoint.HOST);
    return gap.what() == Gap.What.LISTENERS && onHost && place.protocol() == null;
  }

  /** Creates the view of a source that could not look at all. */
  public static View blind(String source, String why) {
    return blind(source, why, null);
  }

  /** Creates the view of a source that could not look at all, with the reason as a value. */
  public static View blind(String source, String why, Gap.@Nullable Cause cause) {
    Gap gap = new Gap(source, Gap.What.LISTENERS, why, cause);
    return new View(source, false, List.of(), List.of(gap));
  }
}
