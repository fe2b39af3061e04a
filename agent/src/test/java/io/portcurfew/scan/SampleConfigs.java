package io.portcurfew.scan;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.LogFormat;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.Grouping;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.web.access.WebAccess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Good files as they come from the loader. */
public final class SampleConfigs {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final ScanTimes HOURLY = new ScanTimes.Every(HOUR);

  /** A config of an hour between scans, without receivers. */
  public static final AgentConfig CONFIG = with(HOURLY, List.of(), Path.of("/var/lib/portcurfew"));

  /** TCP port 611 must be closed; all else may be open. */
  static final Policy POLICY =
      new Policy(
          true,
          List.of(
              new Rule(
                  "npmp-gui",
                  new RuleScope(List.of(new PortRange(611, 611)), Set.of(Protocol.TCP)),
                  Expectation.CLOSED,
                  RuleTerms.NONE,
                  NotifySettings.of(Severity.CRITICAL))));

  private SampleConfigs() {}

  public static LoadedConfig loaded(Policy policy) {
    return new LoadedConfig(
        CONFIG, policy, PolicyOrigin.named("policy.yaml", "0123456789ab"), WebAccess.OPEN);
  }

  public static ActiveConfig active(Policy policy) {
    return ActiveConfig.of(loaded(policy));
  }

  public static AgentConfig with(Heartbeat heartbeat, List<Receiver> receivers) {
    return with(HOURLY, HOUR, false, CONFIG.state(), heartbeat, receivers, Inventory.NONE);
  }

  static AgentConfig with(Inventory inventory, List<Receiver> receivers) {
    return with(HOURLY, HOUR, false, CONFIG.state(), null, receivers, inventory);
  }

  public static AgentConfig with(boolean sweep) {
    return with(HOURLY, HOUR, sweep, CONFIG.state(), null, List.of(), Inventory.NONE);
  }

  public static AgentConfig with(ScanTimes scan, Duration crossCheck) {
    return with(scan, crossCheck, false, CONFIG.state(), null, List.of(), Inventory.NONE);
  }

  public static AgentConfig with(ScanTimes scan, List<Receiver> receivers, Path state) {
    return with(scan, HOUR, false, state, null, receivers, Inventory.NONE);
  }

  private static AgentConfig with(
      ScanTimes scan,
      Duration crossCheck,
      boolean sweep,
      Path state,
      @Nullable Heartbeat heartbeat,
      List<Receiver> receivers,
      Inventory inventory) {
    return new AgentConfig(
        null,
        scan,
        crossCheck,
        sweep,
        EventSettings.AUTO,
        state,
        InetSocketAddress.createUnresolved("127.0.0.1", 10611),
        null,
        LogFormat.TEXT,
        Duration.ofHours(24),
        heartbeat,
        Grouping.USUAL,
        receivers,
        inventory);
  }
}
