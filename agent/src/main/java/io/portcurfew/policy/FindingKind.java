package io.portcurfew.policy;

import java.util.Locale;

/** What a finding states. */
public enum FindingKind {
  /** Something listens where the rule expects nothing. */
  OPEN,
  /** No rule is about it and the default denies. */
  UNLISTED,
  /** It listens on an address that the rule does not allow. */
  EXPOSED,
  /** It is held by a process that the rule does not accept. */
  WRONG_OWNER,
  /** The rule names an owner and none can be seen. */
  OWNER_UNKNOWN,
  /** The rule requires a listener and there is none. */
  MISSING,
  /** A source that would have seen it does not show it. */
  HIDDEN,
  /** What the policy asks about could not be seen. */
  BLIND,
  /** The policy or the config was changed and cannot be read; the one before stays in force. */
  POLICY_NOT_LOADED,
  /** A source that looked before could not look twice in a row. */
  SOURCE_DOWN,
  /** A scan came so late that what happened meanwhile was not seen. */
  SCAN_LATE,
  /** The file of the agent's memory was damaged, and a new one was begun. */
  STORE_DAMAGED,
  /** What happens cannot be written to the disk, and a crash would forget it. */
  STORE_NOT_WRITABLE,
  /** A receiver refused a notification or did not take it for days. */
  UNDELIVERED,
  /** The agent is there and looks. It is told again and again, and nothing is wrong. */
  HEARTBEAT,
  /** Nothing: somebody wants to know whether a receiver hears of it. */
  TEST;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in JSON and labels. */
  public String label() {
    return label;
  }

  /**
   * Whether the policy is known to be broken. The others say that it could not be tested: alone
   * they make a scan incomplete (exit status 3), not wrong (1).
   */
  public boolean isBreach() {
    return this != OWNER_UNKNOWN && this != BLIND && needsALook();
  }

  /**
   * Whether it takes a look at the host to say that it is over. The others are about the agent
   * itself, which knows that without one.
   */
  public boolean needsALook() {
    return compareTo(POLICY_NOT_LOADED) < 0;
  }
}
