package io.portcurfew.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Text of unknown encoding as strings of one character for each byte, so that nothing is lost or
 * rejected.
 */
public final class ByteText {

  private ByteText() {}

  /** One character for each byte. */
  public static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** The bytes again. */
  public static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The characters that the bytes of such a text are in UTF-8. */
  public static String decoded(String text) {
    return new String(raw(text), StandardCharsets.UTF_8);
  }

  /** The bytes of these characters in UTF-8, as such a text. */
  public static String encoded(String characters) {
    return text(characters.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The lines without their ends, LF or CRLF. A lone CR is part of its line, since names may have
   * it.
   */
  public static List<String> lines(byte[] raw) {
    List<String> lines = new ArrayList<>();
    eachLine(raw, lines::add);
    return lines;
  }

  /** Passes the same lines one by one, so that they need not all be in memory. */
  public static void eachLine(byte[] raw, Consumer<String> taker) {
    each(
        raw,
        (byte) '\n',
        line -> taker.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line));
  }

  /** Passes the text between separators, and the text after the last one. */
  public static void each(byte[] raw, byte separator, Consumer<String> taker) {
    int start = 0;
    for (int at = 0; at <= raw.length; at++) {
      if (at == raw.length || raw[at] == separator) {
        taker.accept(new String(raw, start, at - start, StandardCharsets.ISO_8859_1));
        start = at + 1;
      }
    }
  }

  /** The words of a line, which are separated by white space. */
  public static List<String> words(String line) {
    String trimmed = line.trim();
    return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("\\s+"));
  }

  /** True if the text consists of decimal digits only. */
  public static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A process id: 1 to 2147483647. */
  public static Optional<Integer> pid(String text) {
    return number(text).filter(n -> n > 0 && n <= Integer.MAX_VALUE).map(Long::intValue);
  }

  /** A number without a sign, of at most 18 digits. */
  public static Optional<Long> number(String text) {
    return isNumber(text) && text.length() <= 18
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }
}
