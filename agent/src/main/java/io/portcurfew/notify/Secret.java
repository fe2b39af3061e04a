package io.portcurfew.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that nobody is to see; they print as {@code ***} wherever they are printed by mistake. */
public final class Secret {

  private final byte[] value;

  private Secret(byte[] value) {
    this.value = value;
  }

  /** Keeps a copy of these bytes as they are: the loader has taken the line end of a file off. */
  public static Secret of(byte[] value) {
    return new Secret(value.clone());
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return value.clone();
  }

  /** The bytes as text, for protocols that want a password or a token as such. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }

  /** By value, in a time that does not tell where two secrets differ. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(value, secret.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }
}
