package io.portcurfew.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids derived from content: the same input gives the same id. */
public final class StableId {

  private static final int BYTES = 8;

  private StableId() {}

  /**
   * The first 64 bits of the SHA-256 of these parts, as 16 lower-case hexadecimal digits: the form
   * of Alertmanager's fingerprints. {@code ("a", "bc")} and {@code ("ab", "c")} differ.
   */
  public static String of(String... parts) {
    MessageDigest sha256 = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest(), 0, BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform has it: java.security.MessageDigest.
      throw new IllegalStateException(impossible);
    }
  }
}
