package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.HashMap;
import java.util.Map;

/**
 * Shares out the memory for long paths of owners by user. A path has up to 4,096 characters
 * (PATH_MAX, linux/limits.h), and a user may have tens of thousands of processes, so their paths
 * would fill the memory of the agent. Beyond its share an owner is kept without its paths.
 */
final class OwnerPaths {

  /** The number of characters of one owner that are always kept. */
  static final int FREE = 256;

  /** The number of characters of one owner that an event keeps. */
  private static final int MOST_OF_EVENT = 1_024;

  private static final int MOST = 8 << 20;
  private static final int MOST_OF_USER = 2 << 20;

  private final int most;
  private final int mostOfUser;
  private final Map<Long, Integer> byUser = new HashMap<>();
  private int all;

  OwnerPaths() {
    this(MOST, MOST_OF_USER);
  }

  /**
   * @param most the number of characters of all owners with long paths
   * @param mostOfUser the same of one user
   */
  OwnerPaths(int most, int mostOfUser) {
    this.most = most;
    this.mostOfUser = mostOfUser;
  }

  /** Returns the owner, without its paths if there is no place for them; it is released later. */
  Owner keep(Owner owner) {
    int length = owner.pathLength();
    if (length <= FREE) {
      return owner;
    }
    long user = user(owner);
    int ofUser = byUser.getOrDefault(user, 0) + length;
    if (all + length > most || ofUser > mostOfUser) {
      return owner.withoutPaths();
    }
    all += length;
    byUser.put(user, ofUser);
    return owner;
  }

  /** Gives back the place of an owner that {@link #keep} returned. */
  void release(Owner owner) {
    int length = owner.pathLength();
    if (length > FREE) {
      all -= length;
      byUser.computeIfPresent(
          user(owner), (user, ofUser) -> ofUser == length ? null : ofUser - length);
    }
  }

  /** Returns an owner that an alert of an event may keep for long. */
  static Owner ofEvent(Owner owner) {
    return owner.pathLength() > MOST_OF_EVENT ? owner.withoutPaths() : owner;
  }

  private static long user(Owner owner) {
    Long user = owner.accountable();
    return user == null ? UserGroup.UNKNOWN : user;
  }
}
