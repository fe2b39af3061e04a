package io.portcurfew.web.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds the time that is spent on passwords which are not known yet: of all clients to {@link
 * #SHARE} of a core, and of one network of clients by pauses that double with each wrong password.
 */
final class VerificationBudget {

  /** The share of a core for the verification of passwords. */
  static final double SHARE = 0.015;

  private static final Duration MOST_SAVED = Duration.ofSeconds(1);
  private static final int FREE_TRIES = 2;
  private static final int MOST_DOUBLINGS = 6;

  /** Networks that are remembered; the one that was wrong the longest ago is forgotten. */
  private static final int MOST_NETWORKS = 1024;

  private final Map<ClientNetwork, BudgetPause> pauses = new LinkedHashMap<>();
  private Duration saved = MOST_SAVED;
  private Duration last;

  private record BudgetPause(int wrong, Duration until) {}

  /**
   * @param now monotonic time
   */
  VerificationBudget(Duration now) {
    this.last = now;
  }

  /** True if a password of this client may be verified now. */
  synchronized boolean allows(InetAddress client, Duration now) {
    refill(now);
    return saved.compareTo(Duration.ZERO) > 0 && pause(client, now).isZero();
  }

  /**
   * The time until a password of this client may be verified; zero if it is not its turn to wait.
   */
  synchronized Duration pause(InetAddress client, Duration now) {
    BudgetPause pause = pauses.get(ClientNetwork.of(client));
    return pause == null || now.compareTo(pause.until()) >= 0
        ? Duration.ZERO
        : pause.until().minus(now);
  }

  /** Records the time of a verification and its result. */
  synchronized void spend(InetAddress client, Duration spent, boolean right, Duration now) {
    refill(now);
    saved = saved.minus(spent);
    BudgetPause before = pauses.remove(ClientNetwork.of(client));
    if (right) {
      return;
    }
    int wrong = before == null ? 1 : before.wrong() + 1;
    int doublings = Math.min(wrong - FREE_TRIES, MOST_DOUBLINGS);
    Duration pause = doublings < 0 ? Duration.ZERO : Duration.ofSeconds(1L << doublings);
    if (pauses.size() >= MOST_NETWORKS) {
      pauses.remove(pauses.keySet().iterator().next());
    }
    pauses.put(ClientNetwork.of(client), new BudgetPause(wrong, now.plus(pause)));
  }

  private void refill(Duration now) {
    Duration earned = Duration.ofNanos((long) (now.minus(last).toNanos() * SHARE));
    Duration sum = saved.plus(earned);
    saved = sum.compareTo(MOST_SAVED) > 0 ? MOST_SAVED : sum;
    last = now;
  }
}
