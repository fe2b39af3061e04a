package io.portcurfew.observe.command;

import io.portcurfew.observe.View;

/** Parses one format. It has no side effects. */
public interface Parser {

  /** Parses the output of a tool. Never throws: text that cannot be parsed becomes a gap. */
  View parse(String source, byte[] output);
}
