package io.portcurfew.web.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Compares passwords with bcrypt hashes. The library is loaded at the first comparison. */
final class BcryptHash {

  /** Longer passwords are cut at 72 bytes, as every bcrypt does; the result is the same. */
  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

  private static final int USUAL_COST = 10;
  private static final Duration USUAL_TIME = Duration.ofMillis(70);
  private static final int SLOWEST = 4;

  private BcryptHash() {}

  /**
   * The most time that a comparison counts for: on a machine that is busy with other work it takes
   * longer, but not because of its client.
   *
   * @param hash as in {@code $2y$10$...}: the cost doubles the time with each step
   */
  static Duration mostTime(String hash) {
    int cost = Integer.parseInt(hash.substring(4, 6));
    long nanos = (long) Math.scalb((double) USUAL_TIME.toNanos(), cost - USUAL_COST);
    return Duration.ofNanos(nanos).multipliedBy(SLOWEST);
  }

  static boolean matches(String password, String hash) {
    return BCRYPT.verify(
            password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.US_ASCII))
        .verified;
  }
}
