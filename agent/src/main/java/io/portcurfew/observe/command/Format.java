package io.portcurfew.observe.command;

import io.portcurfew.observe.View;
import java.util.Locale;

/** A form of text in which a native tool tells what listens. */
public enum Format {
  LSOF,
  LSOF_FIELDS,
  SS,
  NETSTAT_LINUX,
  NETSTAT_MACOS,
  NETSTAT_WINDOWS,
  SOCKSTAT;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name on the command line, as in {@code lsof-fields}. */
  public String label() {
    return label;
  }

  /**
   * Reads what the tool printed. Never throws: what cannot be read is a gap.
   *
   * @param source the name of the source for {@code seen_by} and the gaps
   */
  public View parse(String source, byte[] output) {
    return View.blind(source, "no parser for " + label + ", " + output.length + " bytes");
  }
}
