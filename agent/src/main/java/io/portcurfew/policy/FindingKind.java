package io.portcurfew.policy;

import java.util.Locale;

/** A kind of finding about the host. */
public enum FindingKind implements FindingType {
  /** Something listens where the rule expects nothing. */
  OPEN,
  /** No rule selects the listener and the default denies it. */
  UNLISTED,
  /** It listens on an address that the rule does not allow. */
  EXPOSED,
  /** It is held by a process that the rule does not accept. */
  WRONG_OWNER,
  /** The rule names an owner, and the real owner could not be determined. */
  OWNER_UNKNOWN,
  /** The rule asks for a restart after an upgrade, and the owner still runs the replaced file. */
  REPLACED,
  /** The rule requires a listener and there is none. */
  MISSING,
  /** A source that should show the listener does not show it. */
  HIDDEN,
  /** The policy could not be tested because no source saw enough. */
  BLIND;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean isAboutHost() {
    return true;
  }

  @Override
  public boolean isBreach() {
    return this != OWNER_UNKNOWN && this != BLIND;
  }
}
