package io.portcurfew.observe.command;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.View;
import io.portcurfew.text.CountedNoun;
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
 * Combines the rows of a parser into a view: repeated endpoints become one listener, repeated gaps
 * one gap, and both are limited.
 */
public final class ViewBuilder {

  /** The maximum number of gaps of a kind that are shown; more are counted. */
  public static final int MOST_SHOWN = 20;

  /**
   * The maximum number of endpoints, which is all ports of both protocols on one address; more are
   * a gap.
   */
  public static final int MOST_LISTENERS = 2 * 65_536;

  private final String source;
  private final Map<Endpoint, EndpointRows> listeners = new TreeMap<>();
  private final Map<Gap.What, Set<Gap>> gaps = new EnumMap<>(Gap.What.class);
  private final Map<Gap.What, Integer> notShown = new EnumMap<>(Gap.What.class);
  private boolean understood;

  public ViewBuilder(String source) {
    this.source = source;
  }

  /** Adds a listener. The same endpoint may be added again with other owners. */
  public void listener(Endpoint endpoint, @Nullable Boolean dualStack, Collection<Owner> owners) {
    understood = true;
    if (listeners.size() >= MOST_LISTENERS && !listeners.containsKey(endpoint)) {
      gap(Gap.What.LISTENERS, "more than " + MOST_LISTENERS + " endpoints: the rest is ignored");
      return;
    }
    listeners.computeIfAbsent(endpoint, unseen -> new EndpointRows()).add(dualStack, owners);
  }

  /** Records a valid header, or a valid row without a listener. */
  public void understood() {
    understood = true;
  }

  /** Adds a gap for a row that could not be parsed and may be a listener. */
  public void unreadable(String why, byte[] row) {
    if (room(Gap.What.ROW)) {
      add(Gap.row(source, why, row));
    }
  }

  /** Adds another gap. */
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

  /** True if one more gap of the kind may be shown; otherwise counts it. */
  private boolean room(Gap.What what) {
    boolean room = shown(what).size() < MOST_SHOWN;
    if (!room) {
      notShown.merge(what, 1, Integer::sum);
    }
    return room;
  }

  /**
   * Returns the view.
   *
   * @param canBeComplete true if such a text can show every listener of the host
   */
  public View build(boolean canBeComplete) {
    List<Gap> all = new ArrayList<>();
    gaps.values().forEach(all::addAll);
    notShown.forEach((what, count) -> all.add(new Gap(source, what, count + " more like these")));
    boolean hidden = all.stream().anyMatch(Gap::hidesListeners);
    if (!understood && !hidden) {
      hidden = true;
      all.add(
          new Gap(
              source, Gap.What.LISTENERS, "there is no output, not even the header of a table"));
    }
    long unowned = listeners.values().stream().filter(rows -> rows.owners.isEmpty()).count();
    if (unowned > 0) {
      String why =
          "it names no owner for "
              + unowned
              + " of "
              + CountedNoun.of(listeners.size(), "listener");
      all.add(new Gap(source, Gap.What.OWNERS, why));
    }
    return new View(source, canBeComplete && understood && !hidden, all(), all);
  }

  private List<Listener> all() {
    List<Listener> all = new ArrayList<>(listeners.size());
    listeners.forEach(
        (endpoint, rows) -> {
          Listener listener = new Listener(endpoint, rows.dualStack, rows.owners.values(), source);
          boolean isKnownInPart = rows.hasNoOwner && !rows.owners.isEmpty();
          all.add(isKnownInPart ? listener.without(UnknownOwner.NO_RIGHT) : listener);
        });
    return all;
  }

  /** The data of all rows of one endpoint; several sockets may share it. The first value wins. */
  private static final class EndpointRows {

    private final Map<Integer, Owner> owners = new TreeMap<>();
    private @Nullable Boolean dualStack;
    private boolean hasNoOwner;

    void add(@Nullable Boolean dual, Collection<Owner> more) {
      dualStack = dualStack != null ? dualStack : dual;
      hasNoOwner |= more.isEmpty();
      more.forEach(owner -> owners.merge(owner.pid(), owner, Owner::or));
    }
  }
}
