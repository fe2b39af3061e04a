package io.portcurfew.store.sql;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * HMAC-SHA-256 (RFC 2104, 2) by the digest alone. {@code javax.crypto.Mac} gives the same result,
 * but starts every provider of the JDK, those of TLS too, which most agents never need. For one
 * thread at a time.
 */
final class Hmac {

  /** The block of SHA-256: FIPS 180-4, figure 1. */
  private static final int BLOCK_BYTES = 64;

  private final byte[] innerKey;
  private final byte[] outerKey;
  private final MessageDigest digest;

  /**
   * Begins with an empty message.
   *
   * @param key at most 64 bytes
   */
  Hmac(byte[] key) {
    innerKey = padded(key, 0x36);
    outerKey = padded(key, 0x5c);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform has it (java.security.MessageDigest).
      throw new IllegalStateException(impossible);
    }
    digest.update(innerKey);
  }

  private static byte[] padded(byte[] key, int pad) {
    if (key.length > BLOCK_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    byte[] block = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) ((i < key.length ? key[i] : 0) ^ pad);
    }
    return block;
  }

  /** Adds one byte to the message. */
  void update(byte next) {
    digest.update(next);
  }

  /** Adds bytes to the message. */
  void update(byte[] next) {
    digest.update(next);
  }

  /** Adds the rest of a buffer to the message. */
  void update(ByteBuffer next) {
    digest.update(next);
  }

  /** Returns the 32 bytes for the message and begins with an empty one. */
  byte[] end() {
    byte[] inner = digest.digest();
    digest.update(outerKey);
    byte[] result = digest.digest(inner);
    digest.update(innerKey);
    return result;
  }
}
