package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.receivers.LogNotifier;
import io.portcurfew.notify.receivers.NotifierFactory;
import io.portcurfew.notify.receivers.Notifiers;
import io.portcurfew.process.Threads;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The clocks, threads, random numbers and receivers that an agent uses; a simulation has its own.
 *
 * @param clock the wall clock
 * @param timing monotonic time and pauses
 * @param random for the pauses between attempts; thread-safe
 * @param log writes every notification to the log
 * @param notifiers makes the notifiers, given the firing alerts that were notified
 */
record Surroundings(
    Clock clock,
    Timing timing,
    Threads threads,
    RandomGenerator random,
    Notifier log,
    Function<Supplier<List<Notification>>, NotifierFactory> notifiers) {

  /** The surroundings of the daemon. */
  static Surroundings ofThisProcess() {
    Clock clock = Clock.systemUTC();
    return new Surroundings(
        clock,
        Timing.SYSTEM,
        Threads.SYSTEM,
        new Random(),
        new LogNotifier(),
        firing -> new Notifiers(BuildVersion.OF_THIS_BUILD, clock, firing));
  }
}
