package io.portcurfew.observe;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Text that somebody on the host chose (a process name, a path, a row of a tool), escaped once,
 * where the agent reads it.
 *
 * <p>Letters, digits, marks, punctuation, symbols and the plain space stay as they are; a backslash
 * becomes {@code \\}; every other character, and every byte that is not UTF-8, becomes {@code \xNN}
 * for each of its UTF-8 bytes. So two different texts never look the same, and no control
 * character, escape sequence, line end or direction mark of an attacker reaches a terminal, a log,
 * a page, a label or a mail. The raw text is not kept.
 */
public final class HostText implements Comparable<HostText> {

  /** The maximum length in characters: the limit of a path on Linux (PATH_MAX, linux/limits.h). */
  public static final int MOST = 4096;

  private static final String CUT = "...(cut)";

  private final String visible;

  private HostText(String visible) {
    this.visible = visible;
  }

  /** Escapes bytes of the kernel or of a tool. */
  public static HostText of(byte[] raw) {
    return of(raw, MOST);
  }

  /** Escapes bytes, cut to at most {@code most} characters and marked if cut. */
  public static HostText of(byte[] raw, int most) {
    StringBuilder out = new StringBuilder(Math.min(raw.length, most) + 16);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    int at = 0;
    int whole = 0;
    while (at < raw.length && out.length() <= most) {
      whole = out.length() + CUT.length() <= most ? out.length() : whole;
      int length = sequenceLength(raw, at);
      String text = length == 0 ? null : decode(decoder, raw, at, length);
      if (text == null) {
        appendByte(out, raw[at]);
        at++;
      } else {
        appendCodePoint(out, text.codePointAt(0));
        at += length;
      }
    }
    return cut(out, most, whole);
  }

  /** Escapes a text that a library has already decoded. */
  public static HostText of(String raw) {
    return of(raw, MOST);
  }

  /** Escapes decoded text, cut to at most {@code most} characters and marked if cut. */
  public static HostText of(String raw, int most) {
    StringBuilder out = new StringBuilder(Math.min(raw.length(), most) + 16);
    int whole = 0;
    for (int at = 0; at < raw.length() && out.length() <= most; ) {
      whole = out.length() + CUT.length() <= most ? out.length() : whole;
      int codePoint = raw.codePointAt(at);
      appendCodePoint(out, codePoint);
      at += Character.charCount(codePoint);
    }
    return cut(out, most, whole);
  }

  /** Restores a stored escaped form; escapes characters in it that are not printable. */
  public static HostText visible(String kept) {
    StringBuilder out = new StringBuilder(kept.length());
    kept.codePoints()
        .forEach(
            codePoint -> {
              if (codePoint == '\\') {
                out.append('\\');
              } else {
                appendCodePoint(out, codePoint);
              }
            });
    return new HostText(out.toString());
  }

  /** Cuts after the last whole character that leaves room for the mark. */
  private static HostText cut(StringBuilder out, int most, int whole) {
    if (out.length() > most) {
      out.setLength(whole);
      out.append(CUT);
    }
    return new HostText(out.toString());
  }

  private static int sequenceLength(byte[] raw, int at) {
    int first = raw[at] & 0xFF;
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return first > 0xF4 || at + length > raw.length ? 0 : length;
  }

  private static @Nullable String decode(CharsetDecoder decoder, byte[] raw, int at, int length) {
    try {
      CharBuffer decoded = decoder.decode(ByteBuffer.wrap(raw, at, length));
      return decoded.toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  private static void appendCodePoint(StringBuilder out, int codePoint) {
    if (codePoint == '\\') {
      out.append("\\\\");
    } else if (isPlain(codePoint)) {
      out.appendCodePoint(codePoint);
    } else {
      appendBytes(out, codePoint);
    }
  }

  private static void appendBytes(StringBuilder out, int codePoint) {
    if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      // A lone surrogate has no UTF-8 form. Its three bytes in CESU-8 distinguish it from others.
      appendByte(out, (byte) (0xE0 | (codePoint >> 12)));
      appendByte(out, (byte) (0x80 | ((codePoint >> 6) & 0x3F)));
      appendByte(out, (byte) (0x80 | (codePoint & 0x3F)));
      return;
    }
    for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
      appendByte(out, b);
    }
  }

  private static void appendByte(StringBuilder out, byte value) {
    out.append("\\x").append(HexFormat.of().toHexDigits(value));
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  /** Returns the escaped form. */
  @Override
  public String toString() {
    return visible;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostText text && visible.equals(text.visible);
  }

  @Override
  public int hashCode() {
    return visible.hashCode();
  }

  @Override
  public int compareTo(HostText other) {
    return visible.compareTo(other.visible);
  }
}
