package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import java.util.ArrayList;
import java.util.List;

/** What of a config is taken at the start alone. */
final class RestartOnlySettings {

  private RestartOnlySettings() {}

  /** This config, but for what only a restart changes. */
  static AgentConfig without(AgentConfig read, AgentConfig inForce) {
    return new AgentConfig(
        read.policy(),
        read.scan(),
        read.crossCheck(),
        read.sweep(),
        inForce.state(),
        inForce.web(),
        inForce.log(),
        read.repeatEvery(),
        read.heartbeat(),
        read.grouping(),
        read.receivers());
  }

  /** What takes a restart, a line each; nothing where nothing does. */
  static List<String> wanted(AgentConfig read, AgentConfig inForce) {
    List<String> lines = new ArrayList<>();
    compare("state", read.state(), inForce.state(), lines);
    compare("web.listen", read.web(), inForce.web(), lines);
    compare("log.format", read.log().label(), inForce.log().label(), lines);
    return lines;
  }

  private static void compare(String key, Object read, Object inForce, List<String> into) {
    if (!read.equals(inForce)) {
      into.add(
          "%s: a change of this takes a restart. Found: %s. In force: %s."
              .formatted(key, read, inForce));
    }
  }
}
