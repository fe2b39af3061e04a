package io.portcurfew.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A capture in one encoding: UTF-16 is UTF-8 again, and byte order marks, the colours of a terminal
 * and blanks that do not break are gone.
 *
 * @param text one character a byte, as {@link ByteText} has it
 * @param wide whether it was in UTF-16, as PowerShell 5 saves what it redirects
 */
public record PlainText(String text, boolean wide) {

  /** So much of a text shows its encoding. */
  private static final int SAMPLE = 8192;

  /**
   * What sets a colour, erases the rest of a line or switches a mode of the terminal (ECMA-48, SGR
   * and EL; the private modes of xterm; charset B of ncurses' sgr0). What moves the cursor stays:
   * it may have joined two lines.
   */
  private static final Pattern COLOUR =
      Pattern.compile("\u001b\\[[\\d;:]{0,32}+[mK]|\u001b\\[\\?\\d{1,5}[hl]|\u001b\\(B");

  /** The title of a window, where nothing else is before it in its line: no name of a process. */
  private static final Pattern WINDOW_TITLE =
      Pattern.compile("(?m)^\u001b][^\\p{Cntrl}]{0,256}+(?:\u0007|\u001b\\\\)");

  /** No-break, figure, narrow no-break blanks in UTF-8, and U+00A0 alone in Latin-1. */
  private static final Pattern HARD_BLANK =
      Pattern.compile("\u00c2\u00a0|\u00e2\u0080[\u0087\u00af]|(?<![\u0080-\u00ff])\u00a0");

  /** A blank without width, and a byte order mark between two texts. */
  private static final Pattern NO_WIDTH = Pattern.compile("\u00e2\u0080\u008b|\u00ef\u00bb\u00bf");

  /** Reads the bytes of a capture. */
  public static PlainText of(byte[] raw) {
    Optional<Charset> wide = wide(raw);
    String text =
        wide.map(
                charset -> ByteText.text(new String(raw, charset).getBytes(StandardCharsets.UTF_8)))
            .orElseGet(() -> ByteText.text(raw));
    text = NO_WIDTH.matcher(text).replaceAll("");
    text = HARD_BLANK.matcher(text).replaceAll(" ");
    text = COLOUR.matcher(text).replaceAll("");
    text = WINDOW_TITLE.matcher(text).replaceAll("");
    // Line ends of a Mac before OS X.
    boolean oldMac = text.indexOf('\n') < 0;
    return new PlainText(oldMac ? text.replace('\r', '\n') : text, wide.isPresent());
  }

  /** The bytes of the text. */
  public byte[] raw() {
    return ByteText.raw(text);
  }

  /** UTF-16 by its mark, or by its zero bytes at every second place. */
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
