package io.portcurfew.observe.command;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a parser reads: repeated endpoints are one listener, repeated gaps one gap, and both
 * are bounded.
 */
final class ViewBuilder {

  /** More unreadable rows than this are counted, not shown. */
  private static final int MOST_ROWS_SHOWN = 20;

  private final String source;
  private final Map<Endpoint, Listener> listeners = new LinkedHashMap<>();
  private final Set<Gap> gaps = new LinkedHashSet<>();
  private int rowsNotShown;
  private int rowsShown;
  private boolean understood;

  ViewBuilder(String source) {
    this.source = source;
  }

  /** A row that tells of a listener; the same endpoint may be told of again, with other owners. */
  void listener(Endpoint endpoint, @Nullable Boolean dualStack, Collection<Owner> owners) {
    understood = true;
    listeners.merge(
        endpoint, new Listener(endpoint, dualStack, owners, source), (old, more) -> old.and(more));
  }

  /** A header, or a row that was read and tells of no listener. */
  void understood() {
    understood = true;
  }

  /** A row that may tell of a listener and could not be read. */
  void unreadable(String why, byte[] row) {
    if (rowsShown < MOST_ROWS_SHOWN) {
      rowsShown++;
      gaps.add(Gap.row(source, why, row));
    } else {
      rowsNotShown++;
    }
  }

  /** Something else that the text does not tell. */
  void gap(Gap.What what, String why) {
    gaps.add(new Gap(source, what, why));
  }

  /**
   * The view.
   *
   * @param canBeComplete whether such a text can show every listener of the host
   */
  View build(boolean canBeComplete) {
    List<Gap> told = new ArrayList<>(gaps);
    if (rowsNotShown > 0) {
      told.add(new Gap(source, Gap.What.ROW, rowsNotShown + " more rows could not be read"));
    }
    if (!understood && told.isEmpty()) {
      told.add(
          new Gap(
              source, Gap.What.LISTENERS, "it answered nothing, not even the header of a table"));
    }
    boolean complete = canBeComplete && understood && told.stream().noneMatch(Gap::hidesListeners);
    return new View(source, complete, List.copyOf(listeners.values()), told);
  }
}
