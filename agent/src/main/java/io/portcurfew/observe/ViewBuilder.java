package io.portcurfew.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a parser reads: repeated endpoints are one listener, repeated gaps one gap, and both
 * are bounded.
 */
public final class ViewBuilder {

  /** More gaps of a kind than this are counted, not shown. */
  public static final int MOST_SHOWN = 20;

  /** More endpoints than this are a gap: what both protocols can have on one address. */
  public static final int MOST_LISTENERS = 2 * 65_536;

  private final String source;
  private final Map<Endpoint, Seen> listeners = new TreeMap<>();
  private final Map<Gap.What, Set<Gap>> gaps = new EnumMap<>(Gap.What.class);
  private final Map<Gap.What, Integer> notShown = new EnumMap<>(Gap.What.class);
  private boolean understood;

  public ViewBuilder(String source) {
    this.source = source;
  }

  /** A row that tells of a listener; the same endpoint may be told of again, with other owners. */
  public void listener(Endpoint endpoint, @Nullable Boolean dualStack, Collection<Owner> owners) {
    understood = true;
    if (listeners.size() >= MOST_LISTENERS && !listeners.containsKey(endpoint)) {
      gap(Gap.What.LISTENERS, "more than " + MOST_LISTENERS + " endpoints: the rest is left out");
      return;
    }
    listeners.computeIfAbsent(endpoint, unseen -> new Seen()).add(dualStack, owners);
  }

  /** A header, or a row that was read and tells of no listener. */
  public void understood() {
    understood = true;
  }

  /** A row that may tell of a listener and could not be read. */
  public void unreadable(String why, byte[] row) {
    if (room(Gap.What.ROW)) {
      add(Gap.row(source, why, row));
    }
  }

  /** Something else that the text does not tell. */
  public void gap(Gap.What what, String why) {
    Gap gap = new Gap(source, what, why);
    if (!shown(what).contains(gap) && room(what)) {
      add(gap);
    }
  }

  private Set<Gap> shown(Gap.What what) {
    return gaps.computeIfAbsent(what, none -> new LinkedHashSet<>());
  }

  private void add(Gap gap) {
    shown(gap.what()).add(gap);
  }

  /** Whether one more gap of the kind is shown; counts it where it is not. */
  private boolean room(Gap.What what) {
    boolean room = shown(what).size() < MOST_SHOWN;
    if (!room) {
      notShown.merge(what, 1, Integer::sum);
    }
    return room;
  }

  /**
   * The view.
   *
   * @param canBeComplete whether such a text can show every listener of the host
   */
  public View build(boolean canBeComplete) {
    List<Gap> told = new ArrayList<>();
    gaps.values().forEach(told::addAll);
    notShown.forEach((what, count) -> told.add(new Gap(source, what, count + " more like these")));
    boolean hidden = told.stream().anyMatch(Gap::hidesListeners);
    if (!understood && !hidden) {
      hidden = true;
      told.add(
          new Gap(
              source, Gap.What.LISTENERS, "it answered nothing, not even the header of a table"));
    }
    long unowned = listeners.values().stream().filter(seen -> seen.owners.isEmpty()).count();
    if (unowned > 0) {
      String why = "it names no owner for " + unowned + " of " + listeners.size() + " listeners";
      told.add(new Gap(source, Gap.What.OWNERS, why));
    }
    return new View(source, canBeComplete && understood && !hidden, all(), told);
  }

  private List<Listener> all() {
    List<Listener> all = new ArrayList<>(listeners.size());
    listeners.forEach(
        (endpoint, seen) ->
            all.add(new Listener(endpoint, seen.dualStack, seen.owners.values(), source)));
    return all;
  }

  /** What the rows of one endpoint tell. Where two tell, the first one's word stands. */
  private static final class Seen {

    private final Map<Integer, Owner> owners = new TreeMap<>();
    private @Nullable Boolean dualStack;

    void add(@Nullable Boolean dual, Collection<Owner> more) {
      dualStack = dualStack != null ? dualStack : dual;
      more.forEach(owner -> owners.merge(owner.pid(), owner, Owner::or));
    }
  }
}
