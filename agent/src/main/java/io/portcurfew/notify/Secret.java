package io.portcurfew.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Secret bytes; they print as {@code ***} if they are printed by mistake. */
public final class Secret {

  private final byte[] value;

  private Secret(byte[] value) {
    this.value = value;
  }

  /** Keeps a copy of these bytes; the config reader has removed the line end of the file. */
  public static Secret of(byte[] value) {
    return new Secret(value.clone());
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return value.clone();
  }

  /** The bytes as text, for protocols that need the password or token itself. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }

  /** Compares by value, in constant time. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(value, secret.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }
}
