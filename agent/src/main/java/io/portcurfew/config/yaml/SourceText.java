package io.portcurfew.config.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes a file: UTF-8, at most 256 KiB, only characters that YAML allows. */
public final class SourceText {

  /** The largest file, in bytes. */
  public static final int MOST = 256 * 1024;

  private SourceText() {}

  static Optional<String> of(byte[] file, Problems problems) {
    if (file.length > MOST) {
      problems.add(
          Position.START, null, "the file is too large", "more than 256 KiB", "at most 256 KiB");
      return Optional.empty();
    }
    if (startsWithByteOrderMark(file)) {
      problems.add(
          Position.START,
          null,
          "the file begins with a byte order mark",
          "the bytes EF BB BF",
          "UTF-8 without it");
      return Optional.empty();
    }
    return decode(file, problems).filter(text -> hasOnlyAllowed(text, problems));
  }

  private static boolean startsWithByteOrderMark(byte[] file) {
    return file.length >= 3
        && (file[0] & 0xFF) == 0xEF
        && (file[1] & 0xFF) == 0xBB
        && (file[2] & 0xFF) == 0xBF;
  }

  private static Optional<String> decode(byte[] file, Problems problems) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(file);
    CharBuffer out = CharBuffer.allocate(file.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      problems.add(
          Position.after(out),
          null,
          "the file is not UTF-8",
          "the byte %02X".formatted(file[in.position()] & 0xFF),
          "text in UTF-8");
      return Optional.empty();
    }
    return Optional.of(out.toString());
  }

  private static boolean hasOnlyAllowed(String text, Problems problems) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (!isAllowed(c)) {
        problems.add(
            Position.after(text.substring(0, at)),
            null,
            "a character that YAML does not allow",
            "U+%04X".formatted((int) c),
            "printable text");
        return false;
      }
    }
    return true;
  }

  /** YAML 1.2.2, production 1 (c-printable), without NEL and the byte order mark. */
  private static boolean isAllowed(char c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= ' ' && c < 0x7F)
        || (c >= 0xA0 && c < 0xFEFF)
        || (c > 0xFEFF && c < 0xFFFE);
  }
}
