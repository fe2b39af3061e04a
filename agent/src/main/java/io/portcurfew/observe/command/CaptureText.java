package io.portcurfew.observe.command;

import io.portcurfew.observe.HostText;
import io.portcurfew.process.ByteText;

/** Makes visible what a tool printed. */
final class CaptureText {

  private CaptureText() {}

  /**
   * Part of the output as text for a person.
   *
   * @param text one character a byte, as {@link ByteText} gives it
   */
  static HostText visible(String text) {
    return HostText.of(ByteText.raw(text));
  }
}
