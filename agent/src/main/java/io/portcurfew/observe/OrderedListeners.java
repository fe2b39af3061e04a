package io.portcurfew.observe;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * Listeners in the order of their endpoints; nobody can change the list. A source hands on the same
 * list while nothing changes, so its order is found once: to compare the listeners at each look
 * would bring each of them into the caches of the processor.
 */
public final class OrderedListeners extends AbstractList<Listener> implements RandomAccess {

  /** One object, so that looks without listeners hand on the same list too. */
  private static final OrderedListeners NONE = new OrderedListeners(new Listener[0]);

  private final Listener[] inOrder;

  private OrderedListeners(Listener[] inOrder) {
    this.inOrder = inOrder;
  }

  /** Returns these listeners in order, and the same list if it is one of these. */
  public static List<Listener> of(Collection<Listener> listeners) {
    if (listeners instanceof OrderedListeners ordered) {
      return ordered;
    }
    if (listeners.isEmpty()) {
      return NONE;
    }
    Listener[] inOrder = listeners.toArray(new Listener[0]);
    Arrays.sort(inOrder);
    return new OrderedListeners(inOrder);
  }

  @Override
  public Listener get(int index) {
    return inOrder[index];
  }

  @Override
  public int size() {
    return inOrder.length;
  }
}
