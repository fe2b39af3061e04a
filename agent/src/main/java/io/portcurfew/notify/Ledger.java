package io.portcurfew.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records the pending notifications of each receiver, so that they survive a restart. Thread-safe;
 * no call throws if the disk cannot be written.
 */
public interface Ledger {

  /**
   * A pending notification.
   *
   * @param age how long it has been pending, without the time between two runs of the agent
   */
  record Pending(Notification notification, Duration age) {}

  /**
   * The head of the audit log, as in {@code 611:9f86d0...}: a copy of it kept elsewhere shows if
   * the log was cut. {@code null} without a log.
   */
  default @Nullable String head() {
    return null;
  }

  /**
   * The pending notifications of a receiver, in order; empty if they cannot be read now, which does
   * not mean that there are none.
   */
  Optional<List<Pending>> pending(String receiver);

  /** Records that the receiver accepted it. */
  void delivered(String receiver, Notification notification, int attempts);

  /**
   * Records that it is refused or given up.
   *
   * @param why the cause, for people; holds no secret
   */
  void dead(String receiver, Notification notification, int attempts, String why);

  /** Records that one summary replaces these notifications. */
  void folded(String receiver, List<Notification> all, Notification summary);
}
