package io.portcurfew.scan;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * The config and policy that are active. They are replaced as a whole, so a scan never sees half of
 * a change.
 *
 * @param loaded the files as they were when they were last valid; settings that need a restart are
 *     as they were at the start
 * @param notLoaded the finding that the files have changed since and are invalid; {@code null} if
 *     they are valid
 */
public record ActiveConfig(LoadedConfig loaded, @Nullable Finding notLoaded) {

  /** Valid files. */
  public static ActiveConfig of(LoadedConfig loaded) {
    return new ActiveConfig(loaded, null);
  }

  /** Judges a snapshot together with the result of the last cross-check. */
  public Judgement judge(Snapshot snapshot, CrossCheck compared) {
    Judgement judgement = Judge.judge(policy(), snapshot, compared);
    return notLoaded == null ? judgement : judgement.and(notLoaded);
  }

  /** The active policy. */
  public Policy policy() {
    return loaded.policy();
  }

  /** The active config. */
  public AgentConfig config() {
    return loaded.config();
  }
}
