package io.portcurfew.observe.command;

import io.portcurfew.observe.View;

/** Rows of ss for the tests of its parser. */
final class SsRows {

  /** A row that shows that {@code *} is not IPv4 and that udp is included. */
  static final String MODERN = "udp UNCONN 0 0 0.0.0.0:9 0.0.0.0:* users:((\"nine\",pid=9,fd=9))\n";

  /** The listener of {@link #MODERN}. */
  static final String NINE = "udp 0.0.0.0:9 by 9 (nine)";

  private SsRows() {}

  static View parse(String rows) {
    return Captures.parse(Format.SS, rows);
  }

  static View capture(String name) {
    return Format.SS.parse("ss", Captures.read(Format.SS, name));
  }
}
