package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.ScanTimes;
import java.util.List;

/** The two lines that an agent without a config file logs at its start. */
final class DefaultsNotice {

  private DefaultsNotice() {}

  /** The interval and the rules; the receivers and the next command. */
  static List<String> lines(LoadedConfig loaded) {
    AgentConfig config = loaded.config();
    String scan =
        config.scan() instanceof ScanTimes.Every every
            ? "every " + every.interval().toSeconds() + " s"
            : "at the times of its config";
    return List.of(
        "No config file: scans "
            + scan
            + ", judges by the "
            + loaded.policySource()
            + " (port 611 and its neighbours closed, others allowed), state in "
            + config.state(),
        "No receiver: alerts are in this log, the metrics and the status page only; portcurfew init"
            + " writes a config with a receiver");
  }
}
