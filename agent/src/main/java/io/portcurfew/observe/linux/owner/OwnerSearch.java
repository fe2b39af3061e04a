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
 * Searches for the owners of sockets over several looks. The users whose sockets are searched for
 * share the budget of a look. Therefore many sockets or descriptors of one user delay only the
 * owners of the sockets of that user.
 */
final class OwnerSearch implements AutoCloseable {

  /** The maximum number of users in one look. The others follow in the next look. */
  private static final int USERS_IN_A_LOOK = 16;

  /** Finds the user of a process. */
  interface SearchedUsers {
    /** Returns true if the process is known to belong to this {@linkplain UserGroup group}. */
    boolean isOf(long group, int pid);
  }

  private final ProcessWalker walker;
  private final SearchedUsers users;
  private final Map<Long, UserSearch> searches = new LinkedHashMap<>();
  private final Set<SocketHolders> taken = new HashSet<>();

  OwnerSearch(ProcessWalker walker, SearchedUsers users) {
    this.walker = walker;
    this.users = users;
  }

  /**
   * Continues the search.
   *
   * @param sought all sockets without a known owner for which the search has not ended
   * @param pids the existing processes
   * @param arrived the processes that did not exist in the previous look
   * @param budget the budget of this look
   * @param hasGone returns true if a socket is gone; called before the processes of other users are
   *     searched
   */
  void run(
      Collection<SocketHolders> sought,
      BitSet pids,
      BitSet arrived,
      WalkBudget budget,
      Predicate<SocketHolders> hasGone) {
    if (sought.isEmpty() && searches.isEmpty()) {
      taken.clear();
      return;
    }
    taken.retainAll(Set.copyOf(sought));
    searches.values().forEach(search -> search.arrived(arrived));
    newByUser(sought)
        .forEach(
            (user, more) ->
                searches.computeIfAbsent(user, this::search).add(List.copyOf(more), pids));
    int remaining = Math.min(USERS_IN_A_LOOK, searches.size());
    for (Map.Entry<Long, UserSearch> entry : first(remaining)) {
      WalkBudget part = budget.part(remaining--);
      entry.getValue().run(part, pids, hasGone);
      budget.join(part);
      // Move this user to the end, so that the next look starts with the others.
      searches.remove(entry.getKey());
      searches.put(entry.getKey(), entry.getValue());
    }
    dropFinished();
    // A socket whose holder was found may lose it before the next look, and is then new again.
    taken.removeIf(holders -> !holders.isSought());
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

  private void dropFinished() {
    Iterator<UserSearch> all = searches.values().iterator();
    while (all.hasNext()) {
      UserSearch search = all.next();
      if (search.isOver()) {
        search.close();
        all.remove();
      }
    }
  }

  /** Returns true if nothing is left to search for. */
  boolean isOver() {
    return searches.isEmpty();
  }

  @Override
  public void close() {
    searches.values().forEach(UserSearch::close);
    searches.clear();
  }
}
