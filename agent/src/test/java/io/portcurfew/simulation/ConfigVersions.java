package io.portcurfew.simulation;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.daemon.SteppedAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The config as an admin wrote it, as the agent read it, and as the agent uses it. */
final class ConfigVersions {

  /** The receiver that comes and goes. */
  private static final String EXTRA = "extra";

  private final SteppedTime time;
  private final Path folder;
  private final Map<String, SimulatedConfig> byDigest = new HashMap<>();
  private final Set<String> removed = new TreeSet<>(Set.of(EXTRA));
  private final Map<String, Duration> addedAt = new HashMap<>();
  // The same of receivers that were removed since the last scan.
  private final Map<String, Duration> leaving = new HashMap<>();
  private SimulatedConfig written = SimulatedConfig.FIRST;
  // The files may have changed again meanwhile.
  private SimulatedConfig read = SimulatedConfig.FIRST;
  private Duration readAt = Duration.ZERO;
  private SimulatedConfig active = SimulatedConfig.FIRST;

  ConfigVersions(Path folder, SteppedTime time) {
    this.folder = folder;
    this.time = time;
  }

  SimulatedConfig written() {
    return written;
  }

  void write(SimulatedConfig next) {
    written = next;
  }

  /** The config that the agent uses. */
  SimulatedConfig active() {
    return active;
  }

  /** The receivers that were not in the config at some time. */
  Set<String> removed() {
    return removed;
  }

  /** The times at which those of them that are in the config were added. */
  Map<String, Duration> addedAt() {
    return addedAt;
  }

  /** An agent reads the files. */
  LoadAttempt read(Path state) {
    read = written;
    readAt = time.elapsed();
    LoadAttempt attempt = read.write(folder, state);
    if (attempt.read() instanceof ReadResult.Good<LoadedConfig> good) {
      byDigest.put(good.value().policyDigest(), read);
    }
    // Only a request makes it read again: the times of files are not those of the simulation.
    return new LoadAttempt(attempt.read(), new FileStamps(Map.of()));
  }

  /** An agent has started with what it read. */
  void started() {
    use(read);
  }

  /** The agent has looked at its files; returns what is wrong. */
  List<String> reloaded(SteppedAgent agent) {
    if (agent.rejectsConfig() || read.equals(active)) {
      return List.of();
    }
    if (!read.isValid()) {
      return List.of("the agent accepts the mistake " + read.fault());
    }
    use(read);
    return SeriesCheck.afterReload(agent.metrics(), active);
  }

  /** A scan has ended, so that a receiver that is gone may have missed something. */
  void scanned() {
    leaving.clear();
  }

  private void use(SimulatedConfig next) {
    List<String> gone = new ArrayList<>(active.receivers());
    gone.removeAll(next.receivers());
    removed.addAll(gone);
    gone.forEach(name -> leaving.put(name, addedAt.getOrDefault(name, Duration.ZERO)));
    gone.forEach(addedAt::remove);
    for (String name : removed) {
      if (next.receivers().contains(name)) {
        addedAt.putIfAbsent(name, leaving.getOrDefault(name, readAt));
      }
    }
    active = next;
  }

  /** The config by which the agent judges now. */
  SimulatedConfig judging(SteppedAgent agent) {
    return byDigest.getOrDefault(agent.policy(), active);
  }
}
