package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Searches for the owners of sockets, a part in each look. The users whose sockets are searched for
 * share the budget of a look, so that many sockets or descriptors of one user delay only the owners
 * of his own sockets.
 */
final class OwnerSearch implements AutoCloseable {

  /** So many users share one look; the others have their turn in the next. */
  private static final int USERS_IN_A_LOOK = 16;

  /** Finds the users to whom processes belong. */
  interface Users {
    /** Whether the process belongs to this {@linkplain UserGroup group}, as far as is known. */
    boolean isOf(long group, int pid);
  }

  private final ProcessWalker walker;
  private final Users users;
  private final Map<Long, UserSearch> searches = new LinkedHashMap<>();
  private final Set<SocketHolders> taken = new HashSet<>();

  OwnerSearch(ProcessWalker walker, Users users) {
    this.walker = walker;
    this.users = users;
  }

  /**
   * Searches on.
   *
   * @param sought all sockets without a known owner that not every process was asked for
   * @param pids the processes that are there
   * @param arrived those that were not there in the look before
   * @param hasGone asked of a socket before the processes of other users are searched for it
   */
  void run(
      Collection<SocketHolders> sought,
      BitSet pids,
      BitSet arrived,
      WalkBudget budget,
      Predicate<SocketHolders> hasGone) {
    taken.retainAll(Set.copyOf(sought));
    searches.values().forEach(search -> search.arrived(arrived));
    newByUser(sought)
        .forEach(
            (user, more) ->
                searches.computeIfAbsent(user, this::search).add(List.copyOf(more), pids));
    int left = Math.min(USERS_IN_A_LOOK, searches.size());
    for (Map.Entry<Long, UserSearch> entry : first(left)) {
      WalkBudget part = budget.part(left--);
      entry.getValue().run(part, pids, hasGone);
      budget.join(part);
      // Behind the others: the next look begins with those that had no turn.
      searches.remove(entry.getKey());
      searches.put(entry.getKey(), entry.getValue());
    }
    dropOver();
  }

  private List<Map.Entry<Long, UserSearch>> first(int most) {
    return searches.entrySet().stream().limit(most).map(Map.Entry::copyOf).toList();
  }

  private Map<Long, List<SocketHolders>> newByUser(Collection<SocketHolders> sought) {
    Map<Long, List<SocketHolders>> byUser = new HashMap<>(0);
    for (SocketHolders holders : sought) {
      if (taken.add(holders)) {
        long user = UserGroup.of(holders.socket().uid());
        byUser.computeIfAbsent(user, key -> new ArrayList<>()).add(holders);
      }
    }
    return byUser;
  }

  private UserSearch search(Long user) {
    return new UserSearch(walker, pid -> users.isOf(user, pid));
  }

  private void dropOver() {
    Iterator<UserSearch> all = searches.values().iterator();
    while (all.hasNext()) {
      UserSearch search = all.next();
      if (search.isOver()) {
        search.close();
        all.remove();
      }
    }
  }

  /** Whether nothing is left to search for. */
  boolean isOver() {
    return searches.isEmpty();
  }

  @Override
  public void close() {
    searches.values().forEach(UserSearch::close);
    searches.clear();
  }
}
