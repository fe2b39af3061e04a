package io.portcurfew.observe.command;

import io.portcurfew.observe.View;

/** Reads one form of text; pure. */
public interface Parser {

  /** Reads what the tool printed. Never throws: what cannot be read is a gap. */
  View parse(String source, byte[] output);
}
