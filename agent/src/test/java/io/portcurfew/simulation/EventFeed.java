package io.portcurfew.simulation;

import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of the kernel about a simulated host. Half of them are lost without a trace. */
final class EventFeed {

  private static final Duration BRIEF = Duration.ofMillis(3);

  private final World world;

  EventFeed(World world) {
    this.world = world;
  }

  /** A port was opened just now, by a program that may close it before the agent looks. */
  void opened(int port, Random random) {
    Listener seen = world.host.announced(port);
    if (seen == null || random.nextBoolean()) {
      return;
    }
    Duration at = world.time.elapsed();
    Instant wall = world.time.instant();
    world.time.pass(Duration.ofMillis(1));
    world.sight(
        at,
        () -> {
          boolean stays = isSame(seen, world.host.announced(port));
          BriefOpening brief = stays ? null : brief(wall, world.time.elapsed().minus(at));
          return batch(new Sighting(seen, brief, at));
        });
  }

  /** A port was closed just now. */
  void closed(int port, Random random) {
    if (random.nextBoolean()) {
      Set<Endpoint> closed = Set.of(SimulatedHost.endpoint(port));
      world.sight(world.time.elapsed(), () -> new EventBatch(List.of(), closed, false));
    }
  }

  /** Opens a port for some milliseconds. */
  String brief(int port, String executable) {
    if (world.host.isOpen(port)) {
      return "nothing";
    }
    Duration at = world.time.elapsed();
    Instant wall = world.time.instant();
    world.host.open(port, executable);
    Listener seen = Objects.requireNonNull(world.host.announced(port));
    world.time.pass(BRIEF);
    world.host.close(port);
    world.sightBrief(port, at, () -> batch(new Sighting(seen, brief(wall, BRIEF), at)));
    return "open " + port + " for " + BRIEF.toMillis() + " ms";
  }

  /** The kernel reports that it lost events. */
  String lost() {
    world.sight(world.time.elapsed(), () -> new EventBatch(List.of(), Set.of(), true));
    return "events are lost";
  }

  /** True if the same process listens; a policy may ask for more facts about it by now. */
  private static boolean isSame(Listener seen, @Nullable Listener now) {
    return now != null && seen.owners().get(0).pid() == now.owners().get(0).pid();
  }

  private static EventBatch batch(Sighting one) {
    return new EventBatch(List.of(one), Set.of(), false);
  }

  private static BriefOpening brief(Instant at, Duration length) {
    return new BriefOpening(SimulatedHost.EVENTS, length, true, 1, at, at);
  }
}
