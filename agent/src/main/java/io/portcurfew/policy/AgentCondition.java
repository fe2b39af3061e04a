package io.portcurfew.policy;

import java.util.Locale;

/** A condition of the agent itself. It is reported like a finding, and is never a breach. */
public enum AgentCondition implements FindingType {
  /** The policy or the config was changed and is invalid; the one before stays active. */
  POLICY_NOT_LOADED,
  /** A source that worked before failed twice in a row. */
  SOURCE_DOWN,
  /** A scan was so late that listeners may have opened and closed unseen. */
  SCAN_LATE,
  /** The database was damaged and was replaced by a new one. */
  STORE_DAMAGED,
  /** The database cannot be written; a crash would lose the changes. */
  STORE_NOT_WRITABLE,
  /** There are more findings than alerts can follow; some have no alert. */
  ALERTS_FULL,
  /** A library that is not the agent's own was loaded into it at its start. */
  LIBRARY_FORCED,
  /** A receiver refused a notification or did not accept it for days. */
  UNDELIVERED,
  /** The agent runs and scans: a regular message, nothing is wrong. */
  HEARTBEAT,
  /** A test message to a receiver; nothing is wrong. */
  TEST;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  @Override
  public String label() {
    return label;
  }

  /** True for what is only a message: no scan finds it. */
  public boolean isMessage() {
    return this == HEARTBEAT || this == TEST;
  }

  @Override
  public boolean isAboutHost() {
    return false;
  }

  @Override
  public boolean isBreach() {
    return false;
  }
}
