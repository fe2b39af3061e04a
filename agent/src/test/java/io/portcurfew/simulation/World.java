package io.portcurfew.simulation;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.daemon.SteppedAgent;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.receivers.PagerdutySettings;
import io.portcurfew.notify.receivers.ReceiverSettings;
import io.portcurfew.notify.receivers.SteppedPagerduty;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.state.StateFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** One agent after the other on a host, with its files, its receivers and its time. */
final class World implements AutoCloseable {

  static final Duration CALM_RELOAD = Duration.ofSeconds(20);
  static final Duration RELOAD = Duration.ofSeconds(2);

  /** The heartbeat's interval, the longest pause between scans, and a slow scan. */
  private static final Duration HEARTBEAT_MOST = Duration.ofSeconds(110);

  /** One seed of these starts on the state folder of an earlier version. */
  private static final int UPGRADE_EVERY = 5;

  /** One busy database of these is busy for longer than the agent waits, which is real time. */
  private static final int LONG_BUSY_EVERY = 25;

  final SteppedTime time = new SteppedTime();
  final Timeline timeline = new Timeline();
  final SimulatedHost host = new SimulatedHost(time, timeline);
  final Map<String, SimulatedReceiver> receivers = new LinkedHashMap<>();
  final Oracle oracle = new Oracle(timeline);
  private final Path folder;
  private final Random threadChance;
  private final Map<String, SimulatedConfig> byDigest = new HashMap<>();
  private final JobTimes jobs = new JobTimes();
  private final Set<String> removed = new TreeSet<>();
  private SimulatedConfig written = SimulatedConfig.FIRST;
  private SimulatedConfig active = SimulatedConfig.FIRST;
  private Path state;
  private Stepper stepper;
  private ExecutorService sightings;
  private SteppedAgent agent;
  private int life;
  private int kills;
  private long steps;
  private boolean refusesWrites;
  private boolean blocked;
  private boolean lossy;
  private boolean stops;
  private boolean breaksReload;
  // True while nothing was lost since the start on a folder of an earlier version.
  private boolean upgraded;
  private Duration wroteAt = Duration.ZERO;
  private Duration silentUntil = Duration.ZERO;
  private Duration heartbeatSince = Duration.ZERO;
  private Duration jumpedAt = Duration.ZERO;

  /** When the jobs are due, and which of them run. */
  private static final class JobTimes {
    private Duration scan = Duration.ZERO;
    private Duration crossCheck = Duration.ZERO;
    private Duration reload = Duration.ZERO;
    private Duration reloadEvery = RELOAD;
    private boolean scanning;
    private boolean comparing;
    private boolean reloading;
  }

  World(long seed, Path folder) {
    this.folder = folder;
    this.threadChance = new Random(seed ^ 0x5DEECE66DL);
    for (String name : List.of("log", "ops", "left", "right", "pager", "extra")) {
      receivers.put(name, new SimulatedReceiver(name));
    }
    removed.add("extra");
    state = StateFiles.create(folder.resolve("state-0"));
    upgraded = Math.floorMod(seed, UPGRADE_EVERY) == 0;
    if (upgraded) {
      time.jump(EarlierVersion.LATER);
      EarlierVersion.copyInto(state, time.instant());
    }
    start();
  }

  SimulatedReceiver receiver(String name) {
    SimulatedReceiver known = receivers.get(name);
    if (known == null) {
      throw new AssertionError("no receiver " + name);
    }
    return known;
  }

  String allowWrites() {
    if (blocked) {
      StateFiles.unblock(state);
      blocked = false;
      wroteAt = time.elapsed();
    }
    if (refusesWrites) {
      StateFiles.allowWrites(state);
      refusesWrites = false;
      wroteAt = time.elapsed();
    }
    return "the disk takes writes";
  }

  /** A loss ends what the oracle can say, so most ends of an agent cause none. */
  private void mostlySaveFirst(Random random) {
    if (mayLose() && random.nextInt(6) > 0) {
      allowWrites();
      pass(Duration.ofSeconds(31));
    }
  }

  /** True if the agent may hold changes in memory only. */
  private boolean mayLose() {
    return blocked
        || refusesWrites
        || time.elapsed().minus(wroteAt).compareTo(Duration.ofSeconds(30)) < 0;
  }

  private void start() {
    life++;
    stops = false;
    breaksReload = false;
    stepper = new Stepper(threadChance, time);
    sightings = stepper.oneByOne("portcurfew-sightings");
    if (!written.isValid()) {
      written = active;
    }
    Stepper own = stepper;
    int ownLife = life;
    SteppedAgent.Around around =
        new SteppedAgent.Around(
            time,
            own,
            own,
            threadChance,
            receiver("log").notifier(own, ownLife),
            (name, settings, filter) -> notifier(name, settings, own, ownLife),
            (name, settings, filter) -> heartbeat(name, own, ownLife));
    try {
      agent = new SteppedAgent(this::write, host.seenBy(stepper), around);
    } catch (StateFolder.Unusable e) {
      throw new AssertionError(e);
    }
    use(written);
    SteppedAgent started = agent;
    host.digestsIf(started::wantsDigests);
    Duration now = time.elapsed();
    jobs.scan = now;
    jobs.crossCheck = now;
    jobs.reload = now.plus(jobs.reloadEvery);
    jobs.scanning = false;
    jobs.comparing = false;
    jobs.reloading = false;
    heartbeatSince = now;
  }

  private Notifier notifier(String name, ReceiverSettings settings, Stepper own, int ownLife) {
    Notifier plain = receiver(name).notifier(own, ownLife);
    return settings instanceof PagerdutySettings ? SteppedPagerduty.to(plain) : plain;
  }

  private Notifier heartbeat(String name, Stepper own, int ownLife) {
    if (breaksReload) {
      breaksReload = false;
      throw new OutOfMemoryError("simulated");
    }
    return receiver(name).notifier(own, ownLife);
  }

  private LoadAttempt write() {
    LoadAttempt attempt = written.write(folder, state);
    if (attempt.read() instanceof ReadResult.Good<LoadedConfig> good) {
      byDigest.put(good.value().policyDigest(), written);
    }
    // Only a request makes it read again: the times of files are not those of the simulation.
    return new LoadAttempt(attempt.read(), new FileStamps(Map.of()));
  }

  String kill(Random random) {
    stepSome(random);
    kills++;
    mostlySaveFirst(random);
    lossy |= mayLose();
    Path next = StateFiles.copyAfterKill(state, folder.resolve("state-" + life), random);
    end(agent);
    StateFiles.delete(state);
    state = next;
    blocked = false;
    start();
    return "kill" + (refusesWrites ? " while the disk refuses writes" : "");
  }

  /** Ends the threads of this agent; whatever it does meanwhile reaches nobody. */
  private void end(SteppedAgent dead) {
    stepper.kill();
    stepper.start("end", dead::close);
    stepper.settle();
  }

  String restart(Random random) {
    boolean[] closed = {false};
    mostlySaveFirst(random);
    stops = true;
    SteppedAgent old = agent;
    lossy |= mayLose();
    stepper.start(
        "portcurfew-end",
        () -> {
          old.close();
          closed[0] = true;
        });
    Duration end = time.elapsed().plusSeconds(30);
    while (!closed[0] && time.elapsed().compareTo(end) < 0) {
      settle();
      if (!closed[0]) {
        time.pass(shortest(stepper.untilNext(), Duration.ofMillis(100)));
      }
    }
    if (!closed[0]) {
      oracle.wrong().add("the agent does not stop: " + stepper.names());
    }
    stepper.kill();
    if (blocked) {
      StateFiles.unblock(state);
      blocked = false;
    }
    int how = random.nextInt(4);
    if (how == 0 && !lossy) {
      StateFiles.block(state);
      blocked = true;
    }
    if (how == 1) {
      pass(Duration.ofMinutes(random.nextInt(10)), false);
    }
    start();
    return "restart" + (how == 0 ? " while the database cannot be opened" : "");
  }

  String reload(SimulatedConfig next) {
    written = next;
    agent.requestReload();
    jobs.reload = time.elapsed();
    return "reload " + next;
  }

  /** What the agent has read and accepted. */
  private void use(SimulatedConfig next) {
    for (String name : active.receivers()) {
      if (!next.receivers().contains(name)) {
        removed.add(name);
      }
    }
    if (next.heartbeat() != active.heartbeat()) {
      heartbeatSince = time.elapsed();
    }
    active = next;
  }

  String stepSome(Random random) {
    startDue();
    int most = random.nextInt(40);
    int done = 0;
    while (done < most && stepper.step() != null) {
      done++;
      steps++;
      if (random.nextInt(4) == 0) {
        time.pass(Duration.ofMillis(random.nextInt(20)));
      }
    }
    return "step " + done + " times";
  }

  private void settle() {
    while (stepper.step() != null) {
      steps++;
    }
  }

  void pass(Duration length) {
    pass(length, true);
  }

  private void pass(Duration length, boolean runs) {
    Duration end = time.elapsed().plus(length);
    while (time.elapsed().compareTo(end) < 0) {
      Duration wait = end.minus(time.elapsed());
      if (runs) {
        startDue();
        settle();
        wait = shortest(stepper.untilNext(), wait);
        wait = untilJob(jobs.scanning, jobs.scan, wait);
        wait = untilJob(jobs.comparing, jobs.crossCheck, wait);
        wait = untilJob(jobs.reloading, jobs.reload, wait);
      }
      time.pass(wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait);
    }
    if (runs) {
      startDue();
      settle();
    }
  }

  private Duration untilJob(boolean running, Duration due, Duration wait) {
    return running ? wait : shortest(due.minus(time.elapsed()), wait);
  }

  private static Duration shortest(Duration one, Duration other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  private void startDue() {
    Duration now = time.elapsed();
    if (!jobs.scanning && now.compareTo(jobs.scan) >= 0) {
      jobs.scan = now.plusMillis(4_000 + threadChance.nextInt(12_000));
      jobs.scanning = true;
      stepper.start("main", scanOf(agent, life));
    }
    if (!jobs.comparing && now.compareTo(jobs.crossCheck) >= 0) {
      jobs.crossCheck = now.plusSeconds(60);
      jobs.comparing = true;
      SteppedAgent own = agent;
      stepper.start(
          "portcurfew-job",
          () -> {
            own.crossCheck();
            jobs.comparing &= own != agent;
          });
    }
    if (!jobs.reloading && now.compareTo(jobs.reload) >= 0) {
      jobs.reload = now.plus(jobs.reloadEvery);
      jobs.reloading = true;
      SteppedAgent own = agent;
      stepper.start(
          "portcurfew-job",
          () -> {
            own.reload();
            jobs.reloading &= own != agent;
            if (own == agent && written.isValid() && !own.rejectsConfig()) {
              use(written);
            }
          });
    }
  }

  private Runnable scanOf(SteppedAgent own, int ownLife) {
    return () -> {
      Duration start = time.elapsed();
      Instant wall = time.instant();
      SimulatedConfig by = byDigest.getOrDefault(own.policy(), active);
      own.scan();
      if (ownLife == life) {
        jobs.scanning = false;
        if (wall.equals(own.lastScan())) {
          ended(start, wall, by);
        }
      }
    };
  }

  private void ended(Duration start, Instant wall, SimulatedConfig by) {
    Duration end = time.elapsed();
    boolean sawAll = !timeline.brokenDuring(SimulatedHost.Source.FIRST, start, end);
    boolean calm = sawAll && isCalm(start);
    timeline.scanned(new Timeline.ScanRecord(wall, start, end, by, sawAll, calm));
    checkHeartbeat(end);
  }

  private boolean isCalm(Duration since) {
    return !lossy
        && !blocked
        && !stops
        && silentUntil.compareTo(since) < 0
        && jumpedAt.plusSeconds(60).compareTo(since) < 0
        && host.hidden().isEmpty();
  }

  /** Hands events to the running agent, on the thread that takes them. */
  void sight(Duration since, Supplier<EventBatch> events) {
    SteppedAgent own = agent;
    int ownLife = life;
    sightings.execute(
        () -> {
          Instant wall = time.instant();
          SimulatedConfig by = byDigest.getOrDefault(own.policy(), active);
          boolean wantsScan = own.sighted(events.get());
          if (ownLife == life) {
            timeline.sighted(
                new Timeline.ScanRecord(wall, since, time.elapsed(), by, false, false));
            jobs.scan = wantsScan ? time.elapsed() : jobs.scan;
          }
        });
  }

  /** The same for a port that has closed. */
  void sightBrief(int port, Duration since, Supplier<EventBatch> events) {
    sight(
        since,
        () -> {
          if (port == SimulatedConfig.NPMP && isCalm(since)) {
            timeline.brief(new Timeline.Brief(port, time.instant()));
          }
          return events.get();
        });
  }

  /** Reads every page of the web server, on a thread of its own. */
  String readStatus() {
    stepper.start("web", agent::readStatus);
    return "somebody reads the status";
  }

  /** Another process holds the write lock of the database. */
  String busyDatabase(Random random) {
    if (blocked || refusesWrites) {
      return "nothing";
    }
    if (random.nextInt(LONG_BUSY_EVERY) > 0) {
      StateFiles.lockForAMoment(state);
      pass(Duration.ofSeconds(random.nextInt(20)));
      return "the database is locked for a moment";
    }
    StateFiles.whileLocked(state, () -> pass(Duration.ofSeconds(12)));
    wroteAt = time.elapsed();
    return "the database was locked for long";
  }

  /** A part of the agent fails to use the next config that it reads. */
  String brokenReload(Random random) {
    breaksReload = written.heartbeat();
    return "broken " + reload(written.changed(random));
  }

  private void checkHeartbeat(Duration now) {
    SimulatedReceiver ops = receiver("ops");
    if (ops.mood() == SimulatedReceiver.Mood.DOWN || !active.heartbeat()) {
      heartbeatSince = now;
      return;
    }
    List<Duration> all = ops.heartbeats();
    Duration last = all.isEmpty() ? heartbeatSince : all.get(all.size() - 1);
    Duration since = last.compareTo(heartbeatSince) > 0 ? last : heartbeatSince;
    since = ops.brokenAt().compareTo(since) > 0 ? ops.brokenAt() : since;
    if (now.minus(since).compareTo(HEARTBEAT_MOST) > 0) {
      oracle.wrong().add("no heartbeat for " + now.minus(since).toSeconds() + " s");
    }
  }

  long steps() {
    return steps;
  }

  SimulatedConfig written() {
    return written;
  }

  Path state() {
    return state;
  }

  String refuseWrites(Random random) {
    if (!blocked) {
      StateFiles.refuseWrites(state, random);
      refusesWrites = true;
    }
    return "the disk refuses writes";
  }

  String removeDatabase(Random random) {
    if (!blocked && random.nextInt(6) == 0) {
      // Else the removed file would refuse them for ever.
      allowWrites();
      StateFiles.removeDatabase(state);
      lossy = true;
      return "remove the database";
    }
    return "nothing";
  }

  void jump(Duration by) {
    time.jump(by);
    if (by.isNegative()) {
      timeline.clockWentBack();
    }
    jumpedAt = time.elapsed();
  }

  void silentFor(Duration length) {
    silentUntil = time.elapsed().plus(length);
  }

  /** The mood of the heartbeat's receiver has changed. */
  void heartbeatMayPause() {
    heartbeatSince = time.elapsed();
  }

  /** Ends all faults but those of the host, and waits until everything has been said. */
  void rest(Duration time) {
    allowWrites();
    breaksReload = false;
    if (!written.isValid()) {
      reload(active);
    }
    pass(Duration.ofSeconds(30));
    jobs.reloadEvery = CALM_RELOAD;
    pass(time);
    jobs.reloadEvery = RELOAD;
  }

  /** True once if something was lost that may be lost. */
  boolean takeLoss() {
    boolean lost = lossy;
    lossy = false;
    upgraded &= !lost;
    return lost;
  }

  /** Asks the oracle after a quiet phase. */
  void check() {
    new QuietCheck(oracle, host, active, state, new CompletenessCheck(timeline, oracle.wrong()))
        .check(receivers, removed, kills, agent.metrics());
    oracle.wrong().addAll(StatusCheck.differences(agent.alerts(), Oracle.expected(host, active)));
    if (upgraded && !EarlierVersion.endsFor(receiver("ops"))) {
      oracle.wrong().add("ops did not get the end of the alert that fired before the upgrade");
    }
    oracle.checkLifeSpan(stepper.names());
  }

  /** What is wrong so far. */
  List<String> wrong() {
    stepper.deaths().forEach(death -> oracle.wrong().add("a thread ended: " + death));
    return oracle.wrong();
  }

  @Override
  public void close() {
    end(agent);
    StateFiles.unblock(state);
  }
}
