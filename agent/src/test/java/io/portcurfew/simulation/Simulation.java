package io.portcurfew.simulation;

import io.portcurfew.alert.Silence;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs the actions of a seed, keeps their story, and asks the oracle after quiet phases. */
final class Simulation implements AutoCloseable {

  /** Longer than the longest pause between attempts, and than flapping lasts. */
  private static final Duration QUIET = Duration.ofMinutes(26);

  private final World world;
  private final List<String> story = new ArrayList<>();
  private final EventFeed events;
  private final Episodes episodes;
  private final StoryDigest digest = new StoryDigest();

  Simulation(long seed, Path folder) {
    world = new World(seed, folder);
    events = new EventFeed(world);
    episodes = new Episodes(world);
  }

  List<String> story() {
    return story;
  }

  long steps() {
    return world.steps();
  }

  /** The last messages that this receiver accepted, one line each; empty if there is none. */
  List<String> received(String name, int most) {
    SimulatedReceiver receiver = world.receivers.byName().get(name);
    return receiver == null ? List.of() : receiver.lastLines(most);
  }

  /** The digest of all actions until now, and of their effects. */
  String digest() {
    return digest.text();
  }

  /** Runs one action; returns what is wrong after it. */
  List<String> run(Action action) {
    story.add(
        world.time.elapsed().minusHours(1).toSeconds()
            + " s: "
            + act(action, new Random(action.number())));
    digest.add(story.get(story.size() - 1), steps(), world.receivers.byName().values());
    return world.wrong();
  }

  private String act(Action action, Random random) {
    return switch (action.kind()) {
      case PASS -> pass(Duration.ofMillis(200 + random.nextInt(most(random))));
      case STEP -> world.stepSome(random);
      case OPEN -> open(port(random), random);
      case CLOSE -> close(port(random), random);
      case TAKE_OVER -> takeOver(SimulatedConfig.NPMP, random);
      case OPEN_MANY -> many(random, true);
      case CLOSE_MANY -> many(random, false);
      case HIDE -> hide(port(random), random.nextBoolean());
      case SHOW -> showAll();
      case SOURCE -> sourceMood(random);
      case RECEIVER -> receiverMood(random);
      case HEARTBEAT_ERROR -> breakHeartbeat();
      case SET_CLOCK -> setClock(random);
      case RESTART -> world.restart(random);
      case KILL -> world.kill(random);
      case RELOAD -> world.reload(world.written().changed(random));
      case SILENCE -> silence(random);
      case REFUSE_WRITES -> world.disk.refuseWrites(random);
      case ALLOW_WRITES -> world.disk.allowWrites();
      case REMOVE_DATABASE -> world.removeDatabase(random);
      case BUSY_DATABASE -> world.busyDatabase(random);
      case BRIEF -> events.brief(port(random), executable(random));
      case LOSE_EVENTS -> events.lost();
      case READ_STATUS -> world.readStatus();
      case SLOW_RECEIVER -> episodes.slowReceiver(random);
      case RETURNING_RECEIVER -> episodes.returningReceiver(random);
      case TWIN_SUMMARIES -> episodes.twinSummaries(random);
      case UNREADABLE_LEDGER -> episodes.unreadableLedger(random);
      case FULL_DISK -> episodes.fullDisk(random);
      case LATE_SUMMARY -> episodes.lateSummary(random, events);
      case MANY_ENDS -> episodes.manyEnds(random);
      case BROKEN_SOURCE -> episodes.brokenSource(random);
      case ALERTMANAGER -> alertmanagerMood(random);
      case BROKEN_RELOAD -> world.brokenReload(random);
      case SHARED_FILE -> world.writeBesideTheAgent(random);
      case QUIET -> quiet();
      case START_OVER -> startOver();
    };
  }

  /** Mostly about a scan, sometimes longer than a cross-check takes to come round. */
  private static int most(Random random) {
    return random.nextInt(6) == 0 ? 200_000 : 15_000;
  }

  private String pass(Duration time) {
    world.pass(time);
    return "pass " + time.toMillis() + " ms";
  }

  private String showAll() {
    List.copyOf(world.host.hidden()).forEach(world.host::show);
    return "show all ports";
  }

  private String breakHeartbeat() {
    world.receiver("ops").breakHeartbeat();
    return "an error in the next heartbeat";
  }

  private static int port(Random random) {
    int[] ports = {22, 611, 611, 611, 8080, 8080, 7000, 7001, 7002, 443};
    return ports[random.nextInt(ports.length)];
  }

  private static String executable(Random random) {
    return "/usr/sbin/d" + random.nextInt(3);
  }

  private String open(int port, Random random) {
    if (!world.host.isOpen(port)) {
      world.host.open(port, executable(random));
      events.opened(port, random);
    }
    return "open " + port;
  }

  private String close(int port, Random random) {
    if (world.host.isOpen(port)) {
      world.host.close(port);
      events.closed(port, random);
    }
    return "close " + port;
  }

  private String takeOver(int port, Random random) {
    if (world.host.isOpen(port)) {
      world.host.close(port);
      world.host.open(port, executable(random));
      events.opened(port, random);
    }
    return "another program takes over " + port;
  }

  private String many(Random random, boolean open) {
    int count = 3 + random.nextInt(37);
    for (int i = 0; i < count; i++) {
      int port = SimulatedConfig.FIRST_OF_MANY + i;
      if (!open) {
        world.host.close(port);
      } else if (!world.host.isOpen(port)) {
        world.host.open(port, executable(random));
      }
    }
    return (open ? "open " : "close ") + count + " ports";
  }

  private String hide(int port, boolean fromAll) {
    if (port != SimulatedConfig.REQUIRED) {
      world.host.hide(port, fromAll);
    }
    return "hide " + port + (fromAll ? " from all sources" : " from the first source");
  }

  private String sourceMood(Random random) {
    var sources = SimulatedHost.Source.values();
    var source = sources[random.nextInt(sources.length)];
    var moods = SimulatedHost.Mood.values();
    var mood = random.nextBoolean() ? SimulatedHost.Mood.GOOD : moods[random.nextInt(moods.length)];
    world.host.mood(source, mood);
    return "source " + source + " is " + mood;
  }

  private String receiverMood(Random random) {
    List<SimulatedReceiver> all = List.copyOf(world.receivers.byName().values());
    SimulatedReceiver one = all.get(random.nextInt(all.size()));
    var moods = SimulatedReceiver.Mood.values();
    var mood =
        random.nextInt(3) == 0
            ? SimulatedReceiver.Mood.ACCEPTS
            : moods[random.nextInt(moods.length)];
    one.mood(mood);
    if (one.name().equals("ops")) {
      world.heartbeatMayPause();
    }
    return "receiver " + one.name() + " is " + mood;
  }

  private String alertmanagerMood(Random random) {
    var moods = SimulatedAlertmanager.Mood.values();
    return world.receivers.alertmanager.mood(moods[random.nextInt(moods.length)]);
  }

  private String setClock(Random random) {
    int[] hours = {-30, -2, 1, 3, 50, 24 * 200};
    Duration by = Duration.ofHours(hours[random.nextInt(hours.length)]);
    world.jump(by);
    return "the clock jumps by " + by;
  }

  private String silence(Random random) {
    Duration length = Duration.ofMinutes(1 + random.nextInt(8));
    Instant now = world.time.instant();
    try (SilenceWriter writer = SilenceWriter.in(world.disk.state())) {
      writer.add(
          new Silence(
              "s" + random.nextInt(1_000_000),
              random.nextBoolean() ? "npmp" : "web",
              null,
              now,
              now.plus(length),
              "root",
              "simulated"));
      world.silentFor(length);
      return "silence for " + length;
    } catch (History.Unreadable e) {
      return "cannot silence, since the database refuses it";
    }
  }

  private String quiet() {
    for (SimulatedHost.Source source : SimulatedHost.Source.values()) {
      world.host.mood(source, SimulatedHost.Mood.GOOD);
    }
    world.receivers.byName().values().forEach(one -> one.mood(SimulatedReceiver.Mood.ACCEPTS));
    world.receiver("pager").mood(SimulatedReceiver.Mood.LIMITS);
    world.receivers.alertmanager.mood(SimulatedAlertmanager.Mood.GOOD);
    world.rest(QUIET);
    if (world.takeLoss()) {
      startOver();
    } else {
      world.check();
    }
    return "quiet";
  }

  /** After a loss that is known to be possible nothing before it counts. */
  private String startOver() {
    world.host.ports().forEach(world.host::close);
    world.host.open(SimulatedConfig.REQUIRED, "/usr/sbin/sshd");
    // Pending notifications of a receiver that is gone must not come later.
    world.reload(world.written().withExtra(true));
    world.rest(QUIET);
    world.receivers.byName().values().forEach(SimulatedReceiver::forget);
    world.receivers.alertmanager.forget();
    world.timeline.forget();
    world.checkRows();
    return "everything is forgotten";
  }

  @Override
  public void close() {
    world.close();
  }
}
