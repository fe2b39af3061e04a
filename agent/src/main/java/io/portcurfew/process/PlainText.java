package io.portcurfew.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The normalized text of a capture. UTF-16 is converted to UTF-8, byte order marks and terminal
 * colours are removed, and no-break spaces become normal spaces.
 *
 * @param text the text with one character for each byte, as in {@link ByteText}
 * @param wide true if it was in UTF-16, which PowerShell 5 uses for redirected output
 */
public record PlainText(String text, boolean wide) {

  /** The number of bytes that are checked to detect the encoding. */
  private static final int SAMPLE = 8192;

  /**
   * Sequences that set a colour, erase the rest of a line or switch a terminal mode (ECMA-48, SGR
   * and EL; the private modes of xterm; charset B of ncurses' sgr0). Cursor movements are kept,
   * because they may have joined two lines.
   */
  private static final Pattern COLOUR =
      Pattern.compile("\u001b\\[[\\d;:]{0,32}+[mK]|\u001b\\[\\?\\d{1,5}[hl]|\u001b[=>]|\u001b\\(B");

  /** A window title at the start of a line, so that it cannot be part of a process name. */
  private static final Pattern WINDOW_TITLE =
      Pattern.compile("(?m)^\u001b][^\\p{Cntrl}]{0,256}+(?:\u0007|\u001b\\\\)");

  /** The cursor goes to the start of a line where it is already. */
  private static final Pattern RETURNED = Pattern.compile("(?<=\n|\\A)\r+(?=[^\r\n])");

  /** A cleared screen before a line, as clear and watch print it; the lines above it are kept. */
  private static final Pattern CLEARED = Pattern.compile("(?m)^(?:\u001b\\[(?:H|1;1H|[23]?J))+");

  /**
   * No-break and typographic spaces (U+00A0, U+2000 to U+200A, U+202F, U+3000), and U+00A0 in
   * Latin-1.
   */
  private static final Pattern NO_BREAK_SPACE =
      Pattern.compile(
          "\u00c2\u00a0|\u00e2\u0080[\u0080-\u008a\u00af]|\u00e3\u0080\u0080|(?<![\u0080-\u00ff])\u00a0");

  /** A zero-width space, and a byte order mark between two texts. */
  private static final Pattern ZERO_WIDTH =
      Pattern.compile("\u00e2\u0080\u008b|\u00ef\u00bb\u00bf");

  /** The separators of lines of Unicode: U+2028 and U+0085. */
  private static final Pattern SEPARATOR = Pattern.compile("\u00e2\u0080\u00a8|\u00c2\u0085");

  /** Decodes and normalizes the bytes of a capture. */
  public static PlainText of(byte[] raw) {
    Optional<Charset> wide = wide(raw);
    String text =
        wide.map(
                charset -> ByteText.text(new String(raw, charset).getBytes(StandardCharsets.UTF_8)))
            .orElseGet(() -> ByteText.text(raw));
    text = ZERO_WIDTH.matcher(text).replaceAll("");
    text = NO_BREAK_SPACE.matcher(text).replaceAll(" ");
    text = COLOUR.matcher(text).replaceAll("");
    if (text.indexOf('\n') >= 0) {
      text = RETURNED.matcher(text).replaceAll("");
    }
    text = CLEARED.matcher(text).replaceAll("");
    text = WINDOW_TITLE.matcher(text).replaceAll("");
    // Mac OS before version 10 ends lines with a carriage return.
    boolean oneLine = text.indexOf('\n') < 0;
    String lines = oneLine ? SEPARATOR.matcher(text.replace('\r', '\n')).replaceAll("\n") : text;
    return new PlainText(lines, wide.isPresent());
  }

  /** Returns the bytes of the text. */
  public byte[] raw() {
    return ByteText.raw(text);
  }

  /** Detects UTF-16 by its byte order mark, or by zero bytes at every second position. */
  private static Optional<Charset> wide(byte[] raw) {
    int first = raw.length < 2 ? 0 : (raw[0] & 0xFF) << 8 | (raw[1] & 0xFF);
    if (first == 0xFFFE) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    if (first == 0xFEFF) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    int pairs = Math.min(raw.length, SAMPLE) / 2;
    int high = 0;
    int low = 0;
    for (int i = 0; i < pairs; i++) {
      high += raw[2 * i] == 0 ? 1 : 0;
      low += raw[2 * i + 1] == 0 ? 1 : 0;
    }
    if (pairs < 4 || Math.max(high, low) < pairs * 3 / 4 || Math.min(high, low) > pairs / 8) {
      return Optional.empty();
    }
    return Optional.of(high > low ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
  }
}
