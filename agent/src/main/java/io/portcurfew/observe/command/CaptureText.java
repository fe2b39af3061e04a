package io.portcurfew.observe.command;

import io.portcurfew.observe.HostText;
import io.portcurfew.process.ByteText;

/** Shows the output of a tool as printable text. */
final class CaptureText {

  private CaptureText() {}

  /**
   * Returns a part of the output as printable text.
   *
   * @param text one character per byte, as returned by {@link ByteText}
   */
  static HostText visible(String text) {
    return HostText.of(ByteText.raw(text));
  }
}
