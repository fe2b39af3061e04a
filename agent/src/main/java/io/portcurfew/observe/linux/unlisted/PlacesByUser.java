package io.portcurfew.observe.linux.unlisted;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Values by number, in the order of their arrival. All users together and each one alone have a
 * limited number of places. Not thread-safe.
 */
final class PlacesByUser<T> {

  private final int most;
  private final int mostOfUser;
  private final ToLongFunction<T> user;
  private final Map<Long, T> values = new LinkedHashMap<>();
  private final Map<Long, Integer> byUser = new HashMap<>();

  /**
   * @param most the number of places
   * @param mostOfUser the number of places that one user may take
   * @param user the group of the user to whom a value is counted
   */
  PlacesByUser(int most, int mostOfUser, ToLongFunction<T> user) {
    this.most = most;
    this.mostOfUser = mostOfUser;
    this.user = user;
  }

  /** Adds a value, unless the number has one; returns false if there is no place for it. */
  boolean add(long number, T value) {
    if (values.containsKey(number)) {
      return true;
    }
    long of = user.applyAsLong(value);
    if (values.size() >= most || byUser.getOrDefault(of, 0) >= mostOfUser) {
      return false;
    }
    values.put(number, value);
    byUser.merge(of, 1, Integer::sum);
    return true;
  }

  /** Removes the value of a number and returns it; {@code null} if it has none. */
  @Nullable T remove(long number) {
    T removed = values.remove(number);
    if (removed != null) {
      leave(removed);
    }
    return removed;
  }

  /** Removes values. */
  void removeIf(Predicate<T> isOver) {
    values
        .values()
        .removeIf(
            value -> {
              boolean over = isOver.test(value);
              if (over) {
                leave(value);
              }
              return over;
            });
  }

  private void leave(T value) {
    byUser.merge(user.applyAsLong(value), -1, PlacesByUser::sum);
  }

  private static @Nullable Integer sum(int one, int other) {
    return one + other == 0 ? null : one + other;
  }

  boolean has(long number) {
    return values.containsKey(number);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Collection<T> values() {
    return values.values();
  }
}
