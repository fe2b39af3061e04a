package io.portcurfew.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Sequences of events that single actions rarely make in this order. */
final class Episodes {

  private static final int MOST_SECONDS = 30;

  private final World world;

  Episodes(World world) {
    this.world = world;
  }

  /** The receiver of the heartbeat hangs while it is being sent an alert. */
  String slowReceiver(Random random) {
    reopen(SimulatedConfig.NPMP, random);
    world.receiver("ops").mood(SimulatedReceiver.Mood.HANGS);
    world.heartbeatMayPause();
    world.pass(Duration.ofSeconds(140 + random.nextInt(60)));
    world.receiver("ops").mood(SimulatedReceiver.Mood.ACCEPTS);
    return "receiver ops hangs for minutes during an alert";
  }

  /** A receiver is removed and added again while it is being sent an alert. */
  String returningReceiver(Random random) {
    SimulatedConfig before = world.written();
    SimulatedReceiver extra = world.receiver("extra");
    extra.mood(SimulatedReceiver.Mood.ACCEPTS);
    world.reload(before.withExtra(true));
    world.pass(Duration.ofSeconds(10));
    extra.mood(SimulatedReceiver.Mood.DRIPS);
    reopen(SimulatedConfig.NPMP, random);
    for (int i = 0; i < MOST_SECONDS && !extra.isBusy(); i++) {
      world.pass(Duration.ofSeconds(1));
    }
    world.reload(before.withExtra(false));
    if (random.nextInt(3) == 0) {
      return returnsByRestart(before.withExtra(true), random);
    }
    world.pass(Duration.ofMillis(200 + random.nextInt(1_000)));
    world.reload(before.withExtra(true));
    world.pass(Duration.ofSeconds(random.nextInt(20)));
    return "receiver extra goes and comes back during an alert";
  }

  /** It misses an alert while it is not in the config. */
  private String returnsByRestart(SimulatedConfig next, Random random) {
    world.pass(Duration.ofSeconds(10));
    reopen(SimulatedConfig.NPMP, random);
    world.pass(Duration.ofSeconds(20));
    return "receiver extra goes, port 611 opens, and it comes back with a "
        + world.restart(next, random);
  }

  /** Two receivers that are down merge alerts of which the first, the last and the number agree. */
  String twinSummaries(Random random) {
    List<SimulatedReceiver> both = List.of(world.receiver("left"), world.receiver("right"));
    both.forEach(one -> one.mood(SimulatedReceiver.Mood.ACCEPTS));
    SimulatedConfig.TWINS.forEach(world.host::close);
    world.pass(Duration.ofSeconds(40));
    both.forEach(one -> one.mood(SimulatedReceiver.Mood.DOWN));
    SimulatedConfig.TWINS.forEach(port -> world.host.open(port, "/usr/sbin/d0"));
    world.pass(Duration.ofSeconds(25));
    String end = random.nextBoolean() ? world.restart(random) : world.kill(random);
    return "receivers left and right are down, open four ports, then " + end;
  }

  private void reopen(int port, Random random) {
    world.host.close(port);
    world.host.open(port, "/usr/sbin/d" + random.nextInt(3));
  }
}
