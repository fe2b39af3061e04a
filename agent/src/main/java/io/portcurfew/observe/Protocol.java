package io.portcurfew.observe;

import java.util.Locale;

/** The transport protocol of an endpoint. */
public enum Protocol {
  TCP,
  UDP;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in files, JSON and labels: {@code tcp} or {@code udp}. */
  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
