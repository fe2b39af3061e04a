package io.portcurfew.notify.message;

import java.util.Locale;

/** The form of the documents that a receiver gets. */
public enum MessageForm {
  /** The one that the receiver always had: Alertmanager's, ECS or a line of text. */
  USUAL,
  /** Findings of the Open Cybersecurity Schema Framework. */
  OCSF,
  /** The Common Event Format of ArcSight. */
  CEF;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The word in the config. */
  public String label() {
    return label;
  }
}
