package io.portcurfew.alert;

import java.util.Locale;

/** The reason of a notification. */
public enum Reason {
  /** The alert started to fire. */
  FIRST,
  /** The alert goes on, and another program or user owns the listener. */
  CHANGED,
  /** The alert goes on, and its last notification is long ago or had a lesser severity. */
  REPEATED,
  /** The alert fires since before its receiver was added. */
  ALREADY_FIRING,
  /** The alert is over. */
  RESOLVED,
  /** The alert starts and ends often: one notification replaces one for each change. */
  FLAPPING,
  /** One notification replaces many that came at once. */
  SUMMARY;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in JSON. */
  public String label() {
    return label;
  }
}
