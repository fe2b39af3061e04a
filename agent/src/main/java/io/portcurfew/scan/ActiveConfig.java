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
 * What the agent goes by. It is swapped as a whole, so a scan never sees half of a change.
 *
 * @param loaded the files as they were when they were last good; what only a restart changes is as
 *     it was at the start
 * @param notLoaded the finding that they have changed since and are bad; {@code null} where they
 *     are not
 */
public record ActiveConfig(LoadedConfig loaded, @Nullable Finding notLoaded) {

  /** Good files. */
  public static ActiveConfig of(LoadedConfig loaded) {
    return new ActiveConfig(loaded, null);
  }

  /** What is to be said of a snapshot, and of what the sources were found to hide. */
  public Judgement says(Snapshot snapshot, CrossCheck compared) {
    Judgement judgement = Judge.judge(policy(), snapshot, compared);
    return notLoaded == null ? judgement : judgement.and(notLoaded);
  }

  public Policy policy() {
    return loaded.policy();
  }

  public AgentConfig config() {
    return loaded.config();
  }
}
