package io.portcurfew.config;

import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.Grouping;
import io.portcurfew.observe.event.EventSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the agent, read from portcurfew.yaml.
 *
 * @param policy a policy file or signed bundles; {@code null} stands for the shipped policy
 * @param crossCheck the time between two comparisons with the slower sources: 1 s to 24 h
 * @param sweep true if every comparison also binds to every port, to find hidden listeners
 * @param events the events of the kernel that the agent asks for; scans see all else
 * @param state the state folder, an absolute path; only the agent writes it
 * @param web the address of the web server; port 0 takes a free one
 * @param webConfig the web configuration file of exporter-toolkit; {@code null} for none
 * @param repeatEvery the time after which a firing alert is notified again: 1 min to 720 h
 * @param heartbeat {@code null} for no heartbeat
 * @param grouping merges notifications into one message
 * @param receivers may be empty
 * @param inventory the listeners as data
 */
public record AgentConfig(
    @Nullable PolicySetting policy,
    ScanTimes scan,
    Duration crossCheck,
    boolean sweep,
    EventSettings events,
    Path state,
    InetSocketAddress web,
    @Nullable Path webConfig,
    LogFormat log,
    Duration repeatEvery,
    @Nullable Heartbeat heartbeat,
    Grouping grouping,
    List<Receiver> receivers,
    Inventory inventory) {

  public AgentConfig {
    receivers = List.copyOf(receivers);
  }
}
