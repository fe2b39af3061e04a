package io.portcurfew.config;

import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.Grouping;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What portcurfew.yaml says about this host's agent.
 *
 * @param policy the policy file; {@code null} stands for the shipped one
 * @param crossCheck how long after one comparison with the slower sources the next is due: 1 s to
 *     24 h
 * @param sweep whether every comparison also binds to every port, to find what no source shows
 * @param state the folder that only the agent writes, an absolute path
 * @param web where /metrics is served: an address literal, and a port of which 0 means a free one
 * @param repeatEvery how long after people were last told of a firing alert they are told again: 1
 *     min to 720 h
 * @param heartbeat whom to tell that the agent is there; {@code null} where nobody
 * @param grouping what is told in one
 * @param receivers whom to tell; may be empty
 */
public record AgentConfig(
    @Nullable Path policy,
    ScanTimes scan,
    Duration crossCheck,
    boolean sweep,
    Path state,
    InetSocketAddress web,
    LogFormat log,
    Duration repeatEvery,
    @Nullable Heartbeat heartbeat,
    Grouping grouping,
    List<Receiver> receivers) {

  public AgentConfig {
    receivers = List.copyOf(receivers);
  }
}
