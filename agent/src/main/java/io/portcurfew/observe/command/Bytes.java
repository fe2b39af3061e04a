package io.portcurfew.observe.command;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Text of unknown encoding as strings of one character a byte, so that nothing of it is lost or
 * refused.
 */
final class Bytes {

  private Bytes() {}

  /** One character a byte. */
  static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** The bytes again. */
  static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Part of such a string, made visible. */
  static HostText visible(String text) {
    return HostText.of(raw(text));
  }

  /**
   * The lines, without their ends: LF or CRLF. A lone CR is part of its line: names may hold it.
   */
  static List<String> lines(byte[] raw) {
    return Arrays.stream(text(raw).split("\n", -1))
        .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
        .toList();
  }
}
