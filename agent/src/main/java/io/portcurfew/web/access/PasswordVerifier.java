package io.portcurfew.web.access;

import io.portcurfew.process.Ticker;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies passwords against bcrypt hashes, one at a time and within the {@link
 * VerificationBudget}. Its results are remembered, so a scraper pays for its password once. What is
 * remembered is a keyed hash of user, hash and password: a changed hash is another one.
 */
final class PasswordVerifier {

  /** The result of a verification. */
  enum PasswordResult {
    RIGHT,
    WRONG,
    /** Not verified, because too many wrong passwords were sent. */
    TOO_MANY
  }

  private static final int MOST_REMEMBERED = 256;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private final Ticker ticker;
  private final VerificationBudget budget;
  private final SecretKeySpec key = randomKey();
  private final ReentrantLock oneAtATime = new ReentrantLock(true);
  private final Map<String, Boolean> right = bounded();
  private final Map<String, Boolean> wrong = bounded();

  PasswordVerifier(Ticker ticker) {
    this.ticker = ticker;
    this.budget = new VerificationBudget(ticker.elapsed());
  }

  /**
   * Verifies a password. An unknown user costs as much as a known one.
   *
   * @param users hashes by name; not empty
   */
  PasswordResult verify(BasicCredentials given, Map<String, String> users, InetAddress client) {
    String own = users.get(given.user());
    String hash = own == null ? users.values().iterator().next() : own;
    String digest = digest(given, hash);
    PasswordResult known = remembered(digest);
    if (known != null) {
      return known;
    }
    if (!budget.allows(client, ticker.elapsed()) || !lock()) {
      return PasswordResult.TOO_MANY;
    }
    try {
      return verify(given, hash, own != null, client, digest);
    } finally {
      oneAtATime.unlock();
    }
  }

  /** The time until the next password of this client is verified; zero if it is now. */
  Duration pause(InetAddress client) {
    return budget.pause(client, ticker.elapsed());
  }

  private PasswordResult verify(
      BasicCredentials given, String hash, boolean exists, InetAddress client, String digest) {
    Duration start = ticker.elapsed();
    if (!budget.allows(client, start)) {
      return PasswordResult.TOO_MANY;
    }
    boolean accepted = BcryptHash.matches(given.password(), hash) && exists;
    Duration took = ticker.since(start);
    Duration most = BcryptHash.mostTime(hash);
    budget.spend(client, took.compareTo(most) < 0 ? took : most, accepted, ticker.elapsed());
    synchronized (this) {
      (accepted ? right : wrong).put(digest, true);
    }
    return accepted ? PasswordResult.RIGHT : PasswordResult.WRONG;
  }

  private synchronized @Nullable PasswordResult remembered(String digest) {
    if (right.get(digest) != null) {
      return PasswordResult.RIGHT;
    }
    return wrong.get(digest) == null ? null : PasswordResult.WRONG;
  }

  private boolean lock() {
    try {
      return oneAtATime.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException cutOff) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String digest(BasicCredentials given, String hash) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : new String[] {given.user(), hash, given.password()}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
      }
      return Base64.getEncoder().encodeToString(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static SecretKeySpec randomKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  /** The entry that was used the longest ago is forgotten. */
  private static Map<String, Boolean> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
        return size() > MOST_REMEMBERED;
      }
    };
  }
}
