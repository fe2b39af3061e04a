package io.portcurfew.simulation;

import io.portcurfew.daemon.SteppedAgent;
import io.portcurfew.observe.event.EventBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** One agent from its start to its end, with its threads and the times of its jobs. */
final class AgentRun {

  private static final Duration USUAL_RELOAD = Duration.ofSeconds(2);
  private static final Duration CALM_RELOAD = Duration.ofSeconds(20);
  private static final Duration CROSS_CHECK = Duration.ofSeconds(60);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);

  private final World world;
  private final SteppedTime time;
  private final Random chance;
  private final SteppedAgent agent;
  private final Stepper stepper;
  private final ExecutorService sightings;
  private Duration scan;
  private Duration crossCheck;
  private Duration reload;
  private Duration reloadEvery = USUAL_RELOAD;
  private boolean scanning;
  private boolean comparing;
  private boolean reloading;
  private boolean stops;

  /**
   * @param chance for the times of scans
   */
  AgentRun(World world, SteppedAgent agent, Stepper stepper, Random chance) {
    this.world = world;
    this.time = world.time;
    this.chance = chance;
    this.agent = agent;
    this.stepper = stepper;
    this.sightings = stepper.oneByOne("portcurfew-sightings");
    this.scan = time.elapsed();
    this.crossCheck = time.elapsed();
    this.reload = time.elapsed().plus(reloadEvery);
  }

  SteppedAgent agent() {
    return agent;
  }

  Stepper threads() {
    return stepper;
  }

  /** True once it stops. */
  boolean stops() {
    return stops;
  }

  /** Lets a thread run to its next wait; false if all wait. */
  boolean step() {
    return stepper.step() != null;
  }

  /** The time until a thread can go on or a job is due, at most this. */
  Duration untilNext(Duration most) {
    Duration wait = shortest(stepper.untilNext(), most);
    wait = scanning ? wait : shortest(scan.minus(time.elapsed()), wait);
    wait = comparing ? wait : shortest(crossCheck.minus(time.elapsed()), wait);
    return reloading ? wait : shortest(reload.minus(time.elapsed()), wait);
  }

  private static Duration shortest(Duration one, Duration other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  void startDueJobs() {
    Duration now = time.elapsed();
    if (!scanning && now.compareTo(scan) >= 0) {
      scan = now.plusMillis(4_000 + chance.nextInt(12_000));
      scanning = true;
      stepper.start("main", this::scan);
    }
    if (!comparing && now.compareTo(crossCheck) >= 0) {
      crossCheck = now.plus(CROSS_CHECK);
      comparing = true;
      stepper.start("portcurfew-job", this::compare);
    }
    if (!reloading && now.compareTo(reload) >= 0) {
      reload = now.plus(reloadEvery);
      reloading = true;
      stepper.start("portcurfew-job", this::reload);
    }
  }

  private void scan() {
    Duration start = time.elapsed();
    Instant wall = time.instant();
    SimulatedConfig by = world.judging(agent);
    agent.scan();
    scanning = false;
    if (!world.isCurrent(this)) {
      return;
    }
    if (wall.equals(agent.lastScan())) {
      world.scanned(start, wall, by);
    } else if (!stops && !stepper.isKilled()) {
      world.oracle.wrong().add("a scan failed");
    }
  }

  private void compare() {
    agent.crossCheck();
    comparing = false;
  }

  private void reload() {
    agent.reload();
    reloading = false;
    if (world.isCurrent(this)) {
      world.reloaded(agent);
    }
  }

  void requestReload() {
    agent.requestReload();
    reload = time.elapsed();
  }

  /** Reads its files less often while nothing happens. */
  void isCalm(boolean calm) {
    reloadEvery = calm ? CALM_RELOAD : USUAL_RELOAD;
  }

  /** Hands events to it, on the thread that takes them. */
  void sight(Duration since, Supplier<EventBatch> events) {
    sightings.execute(
        () -> {
          Instant wall = time.instant();
          SimulatedConfig by = world.judging(agent);
          boolean wantsScan = agent.sighted(events.get());
          if (world.isCurrent(this)) {
            world.timeline.sighted(
                new Timeline.ScanRecord(wall, since, time.elapsed(), by, false, false));
            scan = wantsScan ? time.elapsed() : scan;
          }
        });
  }

  /** Reads every page of its web server, on a thread of its own. */
  void readStatus() {
    stepper.start("web", agent::readStatus);
  }

  /** Stops it in an orderly way; false if it does not stop in time. */
  boolean stop() {
    boolean[] closed = {false};
    stops = true;
    stepper.start(
        "portcurfew-end",
        () -> {
          agent.close();
          closed[0] = true;
        });
    Duration end = time.elapsed().plus(TIME_TO_STOP);
    while (!closed[0] && time.elapsed().compareTo(end) < 0) {
      world.settle();
      if (!closed[0]) {
        time.pass(shortest(stepper.untilNext(), Duration.ofMillis(100)));
      }
    }
    stepper.kill();
    return closed[0];
  }

  /** Ends its threads; whatever it does meanwhile reaches nobody. */
  void kill() {
    stepper.kill();
    stepper.start("end", agent::close);
    stepper.settle();
  }
}
