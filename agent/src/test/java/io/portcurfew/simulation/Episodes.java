package io.portcurfew.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Sequences of events that single actions rarely make in this order. */
final class Episodes {

  private static final int MOST_SECONDS = 30;

  private static final int END_OF_FLOOD = SimulatedConfig.FIRST_OF_FLOOD + SimulatedConfig.FLOOD;

  private static final List<SimulatedHost.Mood> BROKEN =
      List.of(SimulatedHost.Mood.FAILS, SimulatedHost.Mood.BLIND, SimulatedHost.Mood.HANGS);

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
    if (random.nextBoolean()) {
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
    String restart = world.restart(next, random);
    world.pass(Duration.ofSeconds(random.nextInt(MOST_SECONDS)));
    world.disk.allowWrites();
    world.pass(Duration.ofSeconds(60));
    return "receiver extra goes, port 611 opens, and it comes back with a " + restart;
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
    String end = restartOrKill(random);
    return "receivers left and right are down, open four ports, then " + end;
  }

  /** A restarted agent cannot read what waits for a receiver that was down. */
  String unreadableLedger(Random random) {
    SimulatedReceiver ops = world.receiver("ops");
    ops.mood(SimulatedReceiver.Mood.DOWN);
    world.heartbeatMayPause();
    reopen(SimulatedConfig.NPMP, random);
    world.pass(Duration.ofSeconds(20));
    world.disk.failReadsOnceOpen();
    String end = restartOrKill(random);
    if (random.nextBoolean()) {
      ops.mood(SimulatedReceiver.Mood.ACCEPTS);
      world.host.close(SimulatedConfig.NPMP);
    }
    world.pass(Duration.ofSeconds(random.nextInt(MOST_SECONDS)));
    world.disk.allowReads();
    ops.mood(SimulatedReceiver.Mood.ACCEPTS);
    return "receiver ops is down, port 611 opens, and after this no notification can be read: "
        + end;
  }

  /** A receiver gets what it waits for while the disk is full, is removed and comes back. */
  String fullDisk(Random random) {
    SimulatedConfig before = world.written();
    SimulatedReceiver extra = world.receiver("extra");
    extra.mood(SimulatedReceiver.Mood.ACCEPTS);
    world.reload(before.withExtra(true));
    world.pass(Duration.ofSeconds(10));
    extra.mood(SimulatedReceiver.Mood.DOWN);
    reopen(SimulatedConfig.NPMP, random);
    world.pass(Duration.ofSeconds(20));
    world.disk.refuseDeliveries();
    extra.mood(SimulatedReceiver.Mood.ACCEPTS);
    world.pass(Duration.ofSeconds(MOST_SECONDS));
    world.reload(before.withExtra(false));
    world.pass(Duration.ofSeconds(3));
    world.reload(before.withExtra(true));
    world.pass(Duration.ofSeconds(random.nextInt(20)));
    return "receiver extra gets port 611 while the disk is full, goes and comes back";
  }

  /**
   * A receiver merges two alerts after their ends were saved, which wait for the evidence of a
   * critical alert, and the agent ends then.
   */
  String lateSummary(Random random, EventFeed events) {
    SimulatedReceiver ops = world.receiver("ops");
    List<Integer> merged =
        List.of(SimulatedConfig.FIRST_OF_MANY, SimulatedConfig.FIRST_OF_MANY + 1);
    ops.mood(SimulatedReceiver.Mood.ACCEPTS);
    merged.forEach(world.host::close);
    world.host.close(SimulatedConfig.NPMP);
    world.pass(Duration.ofSeconds(60));
    merged.forEach(port -> world.host.open(port, "/usr/sbin/d0"));
    // Its evidence takes a second then.
    world.host.mood(SimulatedHost.Source.WITNESS, SimulatedHost.Mood.SLOW);
    events.lost();
    world.pass(Duration.ofMillis(4_300 + random.nextInt(700)));
    merged.forEach(world.host::close);
    world.host.open(SimulatedConfig.NPMP, "/usr/sbin/d1");
    events.lost();
    ops.mood(SimulatedReceiver.Mood.DOWN);
    world.heartbeatMayPause();
    world.pass(Duration.ofMillis(500 + random.nextInt(1_000)));
    world.host.mood(SimulatedHost.Source.WITNESS, SimulatedHost.Mood.GOOD);
    return "ports open, close, and receiver ops goes down before it gets them; "
        + world.kill(random);
  }

  /**
   * More alerts end than a summary lists, while receivers that were sent them are down; by chance
   * as many begin again before they come back.
   */
  String manyEnds(Random random) {
    List<SimulatedReceiver> all =
        List.of(world.receiver("ops"), world.receiver(SimulatedAlertFile.RECEIVER));
    all.forEach(one -> one.mood(SimulatedReceiver.Mood.ACCEPTS));
    world.heartbeatMayPause();
    int half = SimulatedConfig.FIRST_OF_FLOOD + SimulatedConfig.FLOOD / 2;
    openAll(SimulatedConfig.FIRST_OF_FLOOD, half);
    openAll(half, END_OF_FLOOD);
    all.forEach(one -> one.mood(SimulatedReceiver.Mood.DOWN));
    closeFlood();
    world.pass(Duration.ofSeconds(20 + random.nextInt(20)));
    boolean opensAgain = random.nextBoolean();
    if (opensAgain) {
      openAll(SimulatedConfig.FIRST_OF_FLOOD, END_OF_FLOOD);
    }
    boolean goesOn = random.nextBoolean();
    String then = goesOn ? "the agent goes on" : restartOrKill(random);
    all.forEach(one -> one.mood(SimulatedReceiver.Mood.ACCEPTS));
    world.pass(Duration.ofSeconds(random.nextInt(MOST_SECONDS)));
    closeFlood();
    return "many ports open, receivers ops and lines go down, the ports close"
        + (opensAgain ? " and open again, " : ", ")
        + then;
  }

  private void closeFlood() {
    for (int port = SimulatedConfig.FIRST_OF_FLOOD; port < END_OF_FLOOD; port++) {
      world.host.close(port);
    }
  }

  /** Half of the flood is as much as one summary lists; there is time to send it. */
  private void openAll(int first, int end) {
    for (int port = first; port < end; port++) {
      world.host.open(port, "/usr/sbin/d0");
    }
    world.pass(Duration.ofSeconds(40));
  }

  /** A source fails for minutes, and the agent ends meanwhile; what was hidden stays so. */
  String brokenSource(Random random) {
    boolean hides = random.nextBoolean();
    if (hides) {
      reopen(SimulatedConfig.NPMP, random);
      world.host.hide(SimulatedConfig.NPMP, random.nextInt(3) == 0);
      world.pass(Duration.ofSeconds(200));
    }
    SimulatedHost.Mood mood = BROKEN.get(random.nextInt(BROKEN.size()));
    world.host.mood(SimulatedHost.Source.WITNESS, mood);
    world.pass(Duration.ofSeconds(random.nextInt(400)));
    String end = restartOrKill(random);
    world.pass(Duration.ofSeconds(60 + random.nextInt(100)));
    if (random.nextBoolean()) {
      SimulatedConfig now = world.written();
      world.reload(now.withSweep(!now.sweep()));
      world.pass(Duration.ofSeconds(60 + random.nextInt(100)));
    }
    world.host.mood(SimulatedHost.Source.WITNESS, SimulatedHost.Mood.GOOD);
    return "source WITNESS is " + mood + (hides ? ", port 611 is hidden" : "") + ", " + end;
  }

  private String restartOrKill(Random random) {
    return random.nextBoolean() ? world.restart(random) : world.kill(random);
  }

  private void reopen(int port, Random random) {
    world.host.close(port);
    world.host.open(port, "/usr/sbin/d" + random.nextInt(3));
  }
}
