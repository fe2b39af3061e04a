package io.portcurfew.notify;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where it is written down what each receiver is still to be told, so that a restart goes on from
 * there. Safe for use by several threads; no call throws because nothing can be written.
 */
public interface Ledger {

  /**
   * What a receiver is still to be told.
   *
   * @param age how long the agent has had it, its restarts left out
   */
  record Pending(Notification notification, Duration age) {}

  /**
   * The end of the log in which all this is written down, as in {@code 611:9f86d0...}: who keeps it
   * elsewhere can tell whether the log was cut. {@code null} where there is none.
   */
  default @Nullable String head() {
    return null;
  }

  /** What this receiver is still to be told, in order. */
  List<Pending> pending(String receiver);

  /** The receiver has it. */
  void delivered(String receiver, Notification notification, int attempts);

  /**
   * The receiver will not have it.
   *
   * @param why for people; holds no secret
   */
  void dead(String receiver, Notification notification, int attempts, String why);

  /** In the place of all these the receiver is told the summary. */
  void folded(String receiver, List<Notification> all, Notification summary);
}
