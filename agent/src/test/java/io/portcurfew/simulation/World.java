package io.portcurfew.simulation;

import io.portcurfew.daemon.SteppedAgent;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.state.StateFolder;
import io.portcurfew.store.DatabaseCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** One agent after the other on a host, with its files, its receivers and its time. */
final class World implements AutoCloseable {

  /** One seed of these starts on the state folder of an earlier version. */
  private static final int UPGRADE_EVERY = 5;

  /** One busy database of these is busy for longer than the agent waits, which is real time. */
  private static final int LONG_BUSY_EVERY = 25;

  private static final int REMOVE_EVERY = 6;

  /** During one stop of these the admin edits the files. */
  private static final int EDIT_EVERY = 4;

  final SteppedTime time = new SteppedTime();
  final Timeline timeline = new Timeline();
  final SimulatedHost host = new SimulatedHost(time, timeline);
  final SimulatedReceivers receivers;
  final Oracle oracle = new Oracle(timeline);
  final SimulatedDisk disk;
  private final SimulatedAlertFile alertFile;
  private final Random threadChance;
  private final HeartbeatCheck heartbeats;
  private final ConfigVersions configs;
  private AgentRun run;
  private int lives;
  private int kills;
  private long steps;
  private boolean lossy;
  // True while nothing was lost since the start on a folder of an earlier version.
  private boolean upgraded;
  private Duration silentUntil = Duration.ZERO;
  private Duration jumpedAt = Duration.ZERO;

  World(long seed, Path folder) {
    this.threadChance = new Random(seed ^ 0x5DEECE66DL);
    receivers = new SimulatedReceivers(time, new Random(seed));
    alertFile = new SimulatedAlertFile(folder);
    configs = new ConfigVersions(folder, time);
    heartbeats = new HeartbeatCheck(receiver("ops"), oracle.wrong());
    disk = new SimulatedDisk(folder, time);
    upgraded = Math.floorMod(seed, UPGRADE_EVERY) == 0;
    if (upgraded) {
      time.jump(EarlierVersion.LATER);
      EarlierVersion.copyInto(disk.state());
    }
    start();
  }

  SimulatedReceiver receiver(String name) {
    return receivers.get(name);
  }

  private void start() {
    int life = ++lives;
    receivers.breakNextHeartbeat(false);
    if (!written().isValid()) {
      configs.write(configs.active());
    }
    Stepper threads = new Stepper(threadChance, time);
    SteppedAgent.Around around = receivers.around(threads, threadChance, life, disk::opened);
    try {
      SteppedAgent agent =
          new SteppedAgent(() -> configs.read(disk.state()), host.seenBy(threads), around);
      run = new AgentRun(this, agent, threads, threadChance);
      host.digestsIf(agent::wantsDigests);
    } catch (StateFolder.Unusable e) {
      throw new AssertionError(e);
    }
    configs.started();
    heartbeats.begin(time.elapsed());
  }

  /** A loss ends what the oracle can say, so most ends of an agent cause none. */
  private void mostlySaveFirst(Random random) {
    if (disk.mayLose() && random.nextInt(6) > 0) {
      disk.allowWrites();
      pass(SimulatedDisk.RECOVERY);
    }
    lossy |= disk.mayLose();
  }

  String kill(Random random) {
    stepSome(random);
    disk.allowReads();
    kills++;
    mostlySaveFirst(random);
    Path before = disk.copyAfterKill(random);
    run.kill();
    StateFiles.delete(before);
    start();
    return "kill" + (disk.refusesWrites() ? " while the disk refuses writes" : "");
  }

  String restart(Random random) {
    boolean edited = random.nextInt(EDIT_EVERY) == 0;
    return restart(edited ? written().changed(random) : written(), random);
  }

  /** Stops the agent and starts another one with this config. */
  String restart(SimulatedConfig next, Random random) {
    disk.allowReads();
    mostlySaveFirst(random);
    if (!run.stop()) {
      oracle.wrong().add("the agent does not stop: " + run.threads().names());
    }
    disk.unblock();
    int how = random.nextInt(4);
    if (how == 0 && !lossy) {
      disk.block();
    }
    if (how == 1) {
      time.pass(Duration.ofMinutes(random.nextInt(10)));
    }
    configs.write(next);
    start();
    return "restart" + (disk.isBlocked() ? " while the database cannot be opened" : "");
  }

  String reload(SimulatedConfig next) {
    configs.write(next);
    run.requestReload();
    return "reload " + next;
  }

  /** A part of the agent fails to use the next config that it reads; the others go back. */
  String brokenReload(Random random) {
    receivers.breakNextHeartbeat(written().heartbeat());
    String what = "broken " + reload(written().changed(random));
    pass(Duration.ofSeconds(3));
    if (run.agent().rejectsConfig()) {
      oracle.wrong().addAll(SeriesCheck.afterReload(run.agent().metrics(), configs.active()));
    }
    return what;
  }

  /** Another program writes into the file of a receiver. */
  String writeBesideTheAgent(Random random) {
    String what =
        alertFile.writeBeside(run.threads(), Duration.ofMillis(200 + random.nextInt(4_000)));
    pass(Duration.ofMillis(random.nextInt(200)));
    return what;
  }

  /** The agent has looked at its files. */
  void reloaded(SteppedAgent agent) {
    boolean before = configs.active().heartbeat();
    oracle.wrong().addAll(configs.reloaded(agent));
    if (configs.active().heartbeat() != before) {
      heartbeats.begin(time.elapsed());
    }
  }

  /** The config by which this agent judges now. */
  SimulatedConfig judging(SteppedAgent agent) {
    return configs.judging(agent);
  }

  boolean isCurrent(AgentRun one) {
    return one == run;
  }

  String stepSome(Random random) {
    run.startDueJobs();
    int most = random.nextInt(40);
    int done = 0;
    while (done < most && run.step()) {
      done++;
      steps++;
      if (random.nextInt(4) == 0) {
        time.pass(Duration.ofMillis(random.nextInt(20)));
      }
    }
    return "step " + done + " times";
  }

  /** Runs every thread until it waits. */
  void settle() {
    while (run.step()) {
      steps++;
    }
  }

  /** Lets time pass, with all that the agent does meanwhile. */
  void pass(Duration length) {
    Duration end = time.elapsed().plus(length);
    do {
      run.startDueJobs();
      settle();
      Duration wait = run.untilNext(end.minus(time.elapsed()));
      time.pass(wait.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : wait);
    } while (time.elapsed().compareTo(end) < 0);
    run.startDueJobs();
    settle();
  }

  /** A scan of the running agent has ended. */
  void scanned(Duration start, Instant wall, SimulatedConfig by) {
    Duration end = time.elapsed();
    boolean sawAll = !timeline.brokenDuring(SimulatedHost.Source.FIRST, start, end);
    boolean calm = sawAll && isCalm(start);
    timeline.scanned(new Timeline.ScanRecord(wall, start, end, by, sawAll, calm));
    configs.scanned();
    heartbeats.scanEnded(end, configs.active().heartbeat());
  }

  private boolean isCalm(Duration since) {
    return !lossy
        && !disk.isBlocked()
        && !run.stops()
        && silentUntil.compareTo(since) < 0
        && jumpedAt.plusSeconds(60).compareTo(since) < 0
        && host.hidden().isEmpty();
  }

  /** Hands events to the running agent. */
  void sight(Duration since, Supplier<EventBatch> events) {
    run.sight(since, events);
  }

  /** The same for a port that has closed. */
  void sightBrief(int port, Duration since, Supplier<EventBatch> events) {
    run.sight(
        since,
        () -> {
          if (port == SimulatedConfig.NPMP && isCalm(since)) {
            timeline.brief(new Timeline.Brief(port, time.instant()));
          }
          return events.get();
        });
  }

  String readStatus() {
    run.readStatus();
    return "somebody reads the status";
  }

  /** Another process holds the write lock of the database. */
  String busyDatabase(Random random) {
    if (!disk.isUsable()) {
      return "nothing";
    }
    if (random.nextInt(LONG_BUSY_EVERY) == 0) {
      disk.whileLocked(() -> pass(Duration.ofSeconds(12)));
      return "the database was locked for long";
    }
    disk.lockForAMoment();
    pass(Duration.ofSeconds(random.nextInt(20)));
    return "the database is locked for a moment";
  }

  /** Somebody removes the database, also while the agent cannot write it. */
  String removeDatabase(Random random) {
    if (random.nextInt(REMOVE_EVERY) > 0) {
      return "nothing";
    }
    boolean full = random.nextBoolean();
    if (full) {
      disk.refuseWrites(random);
      host.close(SimulatedConfig.NPMP);
      host.open(SimulatedConfig.NPMP, "/usr/sbin/d0");
      pass(Duration.ofSeconds(20));
    }
    if (!disk.removeDatabase()) {
      return "nothing";
    }
    lossy = true;
    pass(SimulatedDisk.RECOVERY);
    if (!disk.isUsable()) {
      oracle.wrong().add("the agent has no database in place of the one that was removed");
    }
    return "remove the database" + (full ? " while the disk is full" : "");
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
    heartbeats.begin(time.elapsed());
  }

  long steps() {
    return steps;
  }

  SimulatedConfig written() {
    return configs.written();
  }

  /** Ends all faults but those of the host, and waits until everything has been said. */
  void rest(Duration time) {
    disk.allowWrites();
    receivers.breakNextHeartbeat(false);
    if (!written().isValid()) {
      reload(configs.active());
    }
    pass(Duration.ofSeconds(30));
    run.isCalm(true);
    pass(time);
    run.isCalm(false);
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
    SteppedAgent agent = run.agent();
    SimulatedConfig active = configs.active();
    CompletenessCheck complete = new CompletenessCheck(timeline, oracle.wrong());
    new QuietCheck(oracle, host, active, disk.state(), complete)
        .check(receivers.byName(), configs.removed(), configs.addedAt(), kills, agent.metrics());
    oracle.wrong().addAll(alertFile.differences(receiver(SimulatedAlertFile.RECEIVER)));
    oracle.wrong().addAll(StatusCheck.differences(agent.alerts(), Oracle.expected(host, active)));
    checkRows();
    if (upgraded && !EarlierVersion.endsFor(receiver("ops"))) {
      oracle.wrong().add("ops did not get the end of the alert that fired before the upgrade");
    }
    oracle.wrong().addAll(receivers.alertmanager.differences(Oracle.expected(host, active)));
    oracle.checkLifeSpan(run.threads().names());
  }

  /** Checks the rows of the database; they have to be right after a loss too. */
  void checkRows() {
    long open = StatusCheck.notEnded(run.agent().alerts());
    oracle.wrong().addAll(DatabaseCheck.differences(disk.state(), open, host.ports().size()));
  }

  /** What is wrong so far. */
  List<String> wrong() {
    run.threads().deaths().forEach(death -> oracle.wrong().add("a thread ended: " + death));
    receivers.byName().values().forEach(one -> oracle.wrong().addAll(one.takeWrong()));
    return oracle.wrong();
  }

  @Override
  public void close() {
    run.kill();
    disk.unblock();
  }
}
