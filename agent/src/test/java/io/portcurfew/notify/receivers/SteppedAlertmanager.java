package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Timing;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The real notifier of Alertmanager, whose requests a simulation takes. */
public final class SteppedAlertmanager {

  private static final Duration EVERY = Duration.ofMinutes(1);

  private SteppedAlertmanager() {}

  /** Takes a request. */
  public interface Post {
    Delivery post(byte[] alerts) throws InterruptedException;
  }

  /**
   * Sends each request to this one instead of a server.
   *
   * @param turn the lock of all notifiers of the receiver; its waits must be stepped too
   */
  public static Notifier to(
      Post post,
      Supplier<List<Notification>> firing,
      ReentrantLock turn,
      InstantSource clock,
      Threads threads,
      Timing timing) {
    AlertmanagerNotifier.Peer peer =
        new AlertmanagerNotifier.Peer() {
          @Override
          public Delivery post(byte[] alerts) throws InterruptedException {
            return post.post(alerts);
          }

          @Override
          public String where() {
            return "the simulated Alertmanager";
          }
        };
    return new AlertmanagerNotifier(
        "am", List.of(peer), EVERY, clock, firing, turn, threads, timing);
  }
}
