package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.web.access.WebAccess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of reading the files again: the config and policy before and after it. Every part of
 * the agent is given the same one.
 *
 * @param after the active config and policy from now on
 * @param restartOnly a line for each setting that was changed and needs a restart
 */
record ConfigChange(ActiveConfig before, ActiveConfig after, List<String> restartOnly) {

  /** The change to valid files. */
  static ConfigChange to(LoadedConfig read, ActiveConfig before) {
    AgentConfig active = before.config();
    WebAccess access = before.loaded().access();
    LoadedConfig next =
        read.with(RestartOnlySettings.without(read.config(), active))
            .with(RestartOnlySettings.without(read.access(), access))
            .keepingPolicyOf(before.loaded());
    List<String> restartOnly =
        Stream.of(
                RestartOnlySettings.wanted(read.config(), active),
                RestartOnlySettings.wanted(read.access(), access))
            .flatMap(List::stream)
            .toList();
    return new ConfigChange(before, ActiveConfig.of(next), restartOnly);
  }

  /** Invalid files change nothing but add a finding. */
  static ConfigChange rejected(List<Problem> problems, ActiveConfig before) {
    ActiveConfig after = new ActiveConfig(before.loaded(), RejectedConfigFinding.finding(problems));
    return new ConfigChange(before, after, List.of());
  }

  /** The reverse change, for a part that used this one before another part failed to use it. */
  ConfigChange reversed() {
    return new ConfigChange(after, ActiveConfig.of(before.loaded()), List.of());
  }

  /** True if the files were valid. */
  boolean isValid() {
    return after.notLoaded() == null;
  }

  /** The new scan times, if they have changed. */
  Optional<ScanTimes> scanTimes() {
    return Optional.of(after.config().scan()).filter(next -> !next.equals(before.config().scan()));
  }

  /** The interval of the looks for a new bundle; empty if the config names none. */
  static Optional<Duration> bundleInterval(AgentConfig config) {
    return config.policy() instanceof BundleSource source
        ? Optional.of(source.every())
        : Optional.empty();
  }

  /** The new interval of the cross-check, if it has changed. */
  Optional<Duration> crossCheckInterval() {
    return Optional.of(after.config().crossCheck())
        .filter(next -> !next.equals(before.config().crossCheck()));
  }
}
