package io.portcurfew.simulation;

import io.portcurfew.daemon.SteppedAgent;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.receivers.AlertmanagerSettings;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.notify.receivers.NotifierFactory;
import io.portcurfew.notify.receivers.PagerdutySettings;
import io.portcurfew.notify.receivers.ReceiverSettings;
import io.portcurfew.notify.receivers.SteppedAlertmanager;
import io.portcurfew.notify.receivers.SteppedFile;
import io.portcurfew.notify.receivers.SteppedPagerduty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** All receivers of the world, and the real notifiers that an agent has in front of some. */
final class SimulatedReceivers {

  final SimulatedAlertmanager alertmanager;
  private final Map<String, SimulatedReceiver> byName = new LinkedHashMap<>();
  private final SteppedTime time;
  private boolean breaksHeartbeat;

  /**
   * @param random for the time that requests take on their way
   */
  SimulatedReceivers(SteppedTime time, Random random) {
    this.time = time;
    alertmanager = new SimulatedAlertmanager(time, random);
    for (String name :
        List.of("log", "ops", "left", "right", "pager", "extra", SimulatedAlertFile.RECEIVER)) {
      byName.put(name, new SimulatedReceiver(name));
    }
  }

  Map<String, SimulatedReceiver> byName() {
    return byName;
  }

  SimulatedReceiver get(String name) {
    return byName.computeIfAbsent(name, SimulatedReceiver::new);
  }

  /** The next notifier of heartbeats cannot be made. */
  void breakNextHeartbeat(boolean breaks) {
    breaksHeartbeat = breaks;
  }

  /**
   * The surroundings of an agent with these threads.
   *
   * @param opened runs once the agent has opened its database
   */
  SteppedAgent.Around around(Stepper threads, Random chance, int life, Runnable opened) {
    return new SteppedAgent.Around(
        time,
        threads,
        threads,
        chance,
        get("log").notifier(threads, life),
        firing -> {
          opened.run();
          return notifiers(firing, threads, life);
        },
        (name, settings, filter) -> heartbeat(name, threads, life));
  }

  private NotifierFactory notifiers(
      Supplier<List<Notification>> firing, Stepper threads, int life) {
    ReentrantLock turn = SimulatedAlertmanager.lock(threads);
    return (name, settings, filter) ->
        settings instanceof AlertmanagerSettings
            ? SteppedAlertmanager.to(
                alerts -> alertmanager.post(alerts, threads), firing, turn, time, threads, threads)
            : notifier(name, settings, threads, life);
  }

  private Notifier notifier(String name, ReceiverSettings settings, Stepper threads, int life) {
    Notifier plain = get(name).notifier(threads, life);
    if (settings instanceof FileSettings file) {
      return SteppedFile.to(file, time, threads, plain);
    }
    return settings instanceof PagerdutySettings ? SteppedPagerduty.to(plain) : plain;
  }

  private Notifier heartbeat(String name, Stepper threads, int life) {
    if (breaksHeartbeat) {
      breaksHeartbeat = false;
      throw new OutOfMemoryError("simulated");
    }
    return get(name).notifier(threads, life);
  }
}
