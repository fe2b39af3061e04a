package io.portcurfew.observe.capture;

import io.portcurfew.process.ByteText;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises a capture that has to be decoded before it can be read: compressed, or in base64. */
public final class EncodedFile {

  /** The first bytes of a file: RFC 1952, APPNOTE.TXT of zip, RFC 8878, file(1). */
  private static final Map<String, String> STARTS =
      Map.of(
          "\u001f\u008b",
          "compressed with gzip",
          "BZh",
          "compressed with bzip2",
          "\u00fd7zXZ\u0000",
          "compressed with xz",
          "(\u00b5/\u00fd",
          "compressed with zstd",
          "PK\u0003\u0004",
          "a zip archive",
          "7z\u00bc\u00af'\u001c",
          "a 7z archive",
          "\u00ff\u00fe\u0000\u0000",
          "in UTF-32",
          "\u0000\u0000\u00fe\u00ff",
          "in UTF-32");

  /** The mark of a tar archive and its place (pax(1), ustar). */
  private static final String TAR = "ustar";

  private static final int TAR_AT = 257;

  private static final int SAMPLE = 600;

  /** Lines of base64 (RFC 2045, 6.8); the first one is full. */
  private static final Pattern BASE64 =
      Pattern.compile("[A-Za-z0-9+/]{60,}+(?:\\r?\\n[A-Za-z0-9+/]+)*+={0,2}\\s*+");

  private EncodedFile() {}

  /** Returns how the bytes are encoded, as in {@code compressed with gzip}; empty for a text. */
  public static Optional<String> encoding(byte[] raw) {
    String start = ByteText.text(Arrays.copyOf(raw, Math.min(raw.length, SAMPLE)));
    if (start.startsWith(TAR, TAR_AT)) {
      return Optional.of("a tar archive");
    }
    return STARTS.entrySet().stream()
        .filter(known -> start.startsWith(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> BASE64.matcher(start).matches() ? Optional.of("in base64") : Optional.empty());
  }
}
