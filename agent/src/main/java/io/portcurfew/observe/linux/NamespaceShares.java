package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides which network namespaces the agent looks into. An unprivileged user may make as many as
 * user.max_net_namespaces (namespaces(7)), so each user has a share, and what root made does not
 * depend on it. Where a user has more, those in which nothing listens make room for the next.
 */
final class NamespaceShares {

  /** Of root: those of containers, and those that are bound to a name. */
  static final int MOST_OF_ROOT = 256;

  /** Of each other user. */
  static final int MOST_OF_USER = 32;

  /** Of all other users together. */
  static final int MOST_OF_USERS = 256;

  /** How many make room in one look. */
  private static final int RESTED_IN_A_LOOK = 8;

  /** Of one user are remembered so many that were left out, and so many that made room. */
  private static final int MOST_LEFT_OUT = 256;

  private static final int MOST_RESTED = 4_096;

  private final String source;
  private Map<Long, Set<Long>> leftOut = new TreeMap<>();
  private Map<Long, Set<Long>> leftOutBefore = new TreeMap<>();

  /** Those that made room, and have no turn again before all others had theirs. */
  private final Map<Long, Set<Long>> rested = new TreeMap<>();

  NamespaceShares(String source) {
    this.source = source;
  }

  /** All processes are about to be asked again: what was left out long ago is forgotten. */
  void beginRound() {
    rested.entrySet().removeIf(user -> hadAllTheirTurn(user.getKey(), user.getValue()));
    leftOutBefore = leftOut;
    leftOut = new TreeMap<>();
  }

  private boolean hadAllTheirTurn(Long user, Set<Long> had) {
    return had.size() > MOST_RESTED || had.containsAll(leftOut.getOrDefault(user, Set.of()));
  }

  /** Whether there is room for this namespace, which is not known yet. */
  boolean admits(long inode, long owner, Collection<NetworkNamespace> known) {
    long same = known.stream().filter(one -> one.owner() == owner).count();
    long ofUsers = known.stream().filter(one -> !one.isOfRoot()).count();
    boolean room =
        owner == UserGroup.ROOT
            ? same < MOST_OF_ROOT
            : same < MOST_OF_USER && ofUsers < MOST_OF_USERS;
    room &= !rested.getOrDefault(owner, Set.of()).contains(inode);
    if (room) {
      leftOut.values().forEach(inodes -> inodes.remove(inode));
      leftOutBefore.values().forEach(inodes -> inodes.remove(inode));
    } else {
      Set<Long> inodes = leftOut.computeIfAbsent(owner, user -> new TreeSet<>());
      if (inodes.size() < MOST_LEFT_OUT) {
        inodes.add(inode);
      }
    }
    return room;
  }

  /** The namespaces that make room for others of their user: nothing listens in them. */
  List<NetworkNamespace> rest(Collection<NetworkNamespace> known) {
    List<NetworkNamespace> resting = new ArrayList<>(0);
    for (Long user : users()) {
      known.stream()
          .filter(one -> one.owner() == user && !one.isHost() && one.boundAs() == null)
          .filter(NetworkNamespace::isIdle)
          .limit(RESTED_IN_A_LOOK)
          .forEach(resting::add);
    }
    for (NetworkNamespace one : resting) {
      rested.computeIfAbsent(one.owner(), user -> new TreeSet<>()).add(one.inode());
    }
    return resting;
  }

  private Set<Long> users() {
    Set<Long> users = new TreeSet<>();
    List.of(leftOut, leftOutBefore)
        .forEach(
            round ->
                round.forEach(
                    (user, inodes) -> {
                      if (!inodes.isEmpty()) {
                        users.add(user);
                      }
                    }));
    return users;
  }

  /**
   * One gap for each user who has more than are looked into. It covers those of root only where
   * root has too many; of others it covers a place that no known namespace has.
   */
  List<Gap> gaps() {
    return users().stream().map(this::gap).toList();
  }

  private Gap gap(long user) {
    if (user == UserGroup.ROOT) {
      String why = "root has more than " + MOST_OF_ROOT + " network namespaces: some are left out";
      return new Gap(source, Gap.What.NAMESPACE, why);
    }
    String label = UserGroup.label(user);
    String why = "too many network namespaces of " + label + ": they are looked into in turns";
    return new Gap(source, Gap.What.NAMESPACE, why, null, Place.in("other namespaces of " + label));
  }
}
