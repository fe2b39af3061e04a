package io.portcurfew.observe.linux.namespace;

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
 * Selects the network namespaces that the agent scans. An unprivileged user can create as many as
 * user.max_net_namespaces allows (namespaces(7)), so each user has a limit, which does not affect
 * the namespaces of root. If a user has more, namespaces without listeners are replaced by others.
 */
final class NamespaceShares {

  /** The limit for root: namespaces of containers, and those that are bound to a name. */
  static final int MOST_OF_ROOT = 256;

  /** The limit for each other user. */
  static final int MOST_OF_USER = 32;

  /** The limit for all other users together. */
  static final int MOST_OF_USERS = 256;

  /** The number of namespaces of a user that are replaced in one scan. */
  private static final int REPLACED_PER_SCAN = 8;

  /** The number of left-out namespaces that are stored for each user. */
  private static final int MAX_LEFT_OUT = 256;

  /** The number of replaced namespaces that are stored for each user. */
  private static final int MAX_REPLACED = 4_096;

  private final String source;
  private Map<Long, Set<Long>> leftOut = new TreeMap<>();
  private Map<Long, Set<Long>> leftOutBefore = new TreeMap<>();

  /** Replaced namespaces by user; they are not scanned again before all others were. */
  private final Map<Long, Set<Long>> replaced = new TreeMap<>();

  NamespaceShares(String source) {
    this.source = source;
  }

  /** Starts a new round of checks, and forgets those that were left out before the last round. */
  void beginRound() {
    replaced.entrySet().removeIf(user -> allScanned(user.getKey(), user.getValue()));
    leftOutBefore = leftOut;
    leftOut = new TreeMap<>();
  }

  private boolean allScanned(Long user, Set<Long> scanned) {
    return scanned.size() > MAX_REPLACED
        || scanned.containsAll(leftOut.getOrDefault(user, Set.of()));
  }

  /** Returns true if the limits allow this namespace, which is not known yet. */
  boolean admits(long inode, long owner, Collection<NetworkNamespace> known) {
    long same = known.stream().filter(namespace -> namespace.owner() == owner).count();
    long ofUsers = known.stream().filter(namespace -> !namespace.isOfRoot()).count();
    boolean room =
        owner == UserGroup.ROOT
            ? same < MOST_OF_ROOT
            : same < MOST_OF_USER && ofUsers < MOST_OF_USERS;
    room &= !replaced.getOrDefault(owner, Set.of()).contains(inode);
    if (room) {
      leftOut.values().forEach(inodes -> inodes.remove(inode));
      leftOutBefore.values().forEach(inodes -> inodes.remove(inode));
    } else {
      Set<Long> inodes = leftOut.computeIfAbsent(owner, user -> new TreeSet<>());
      if (inodes.size() < MAX_LEFT_OUT) {
        inodes.add(inode);
      }
    }
    return room;
  }

  /** Returns the namespaces without listeners that other namespaces of their user replace. */
  List<NetworkNamespace> rest(Collection<NetworkNamespace> known) {
    List<NetworkNamespace> result = new ArrayList<>(0);
    for (long user : users()) {
      known.stream()
          .filter(
              namespace ->
                  namespace.owner() == user && !namespace.isHost() && namespace.boundAs() == null)
          .filter(namespace -> namespace.tables().isIdle())
          .limit(REPLACED_PER_SCAN)
          .forEach(result::add);
    }
    for (NetworkNamespace namespace : result) {
      replaced.computeIfAbsent(namespace.owner(), user -> new TreeSet<>()).add(namespace.inode());
    }
    return result;
  }

  private Set<Long> users() {
    Set<Long> users = new TreeSet<>();
    addUsers(leftOut, users);
    addUsers(leftOutBefore, users);
    return users;
  }

  private static void addUsers(Map<Long, Set<Long>> round, Set<Long> users) {
    for (Map.Entry<Long, Set<Long>> one : round.entrySet()) {
      if (!one.getValue().isEmpty()) {
        users.add(one.getKey());
      }
    }
  }

  /**
   * Returns one gap for each user who has more namespaces than are scanned. For root the gap covers
   * every place; for another user it covers a place that no known namespace has.
   */
  List<Gap> gaps() {
    Set<Long> users = users();
    return users.isEmpty() ? List.of() : users.stream().map(this::gap).toList();
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
