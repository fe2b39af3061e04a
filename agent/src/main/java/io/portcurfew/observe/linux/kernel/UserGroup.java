package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Owner;

/**
 * The user to whom a bound is shared out. A user who may map subordinate ids (subuid(5)) owns
 * 65,536 of them, so each such range is one user.
 */
public final class UserGroup {

  /** login.defs(5), SUB_UID_MIN: where subordinate ids begin. */
  private static final long FIRST_SUBORDINATE = 100_000;

  /** All users who cannot be identified. */
  public static final long UNKNOWN = -1;

  /** The superuser. */
  public static final long ROOT = 0;

  private UserGroup() {}

  /** The first id of the group that this id belongs to. */
  public static long of(long uid) {
    return Owner.accountable(uid);
  }

  /** The name of a group in a message. */
  public static String label(long group) {
    if (group == UNKNOWN) {
      return "unknown users";
    }
    return group < FIRST_SUBORDINATE ? "uid " + group : "uids from " + group;
  }
}
