package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.web.access.WebAccess;
import java.util.ArrayList;
import java.util.List;

/** Settings that take effect only after a restart. */
final class RestartOnlySettings {

  private RestartOnlySettings() {}

  /** The config that was read, with the active values of these settings. */
  static AgentConfig without(AgentConfig read, AgentConfig active) {
    return new AgentConfig(
        read.policy(),
        read.scan(),
        read.crossCheck(),
        read.sweep(),
        read.events(),
        active.state(),
        active.web(),
        read.webConfig(),
        active.log(),
        read.repeatEvery(),
        read.heartbeat(),
        read.grouping(),
        read.receivers(),
        read.inventory());
  }

  /** A line for each of these settings that was changed. */
  static List<String> wanted(AgentConfig read, AgentConfig active) {
    List<String> lines = new ArrayList<>();
    compare("state", read.state(), active.state(), lines);
    compare("web.listen", read.web(), active.web(), lines);
    compare("log.format", read.log().label(), active.log().label(), lines);
    return lines;
  }

  /** The access that was read; HTTP stays HTTP and HTTPS stays HTTPS. */
  static WebAccess without(WebAccess read, WebAccess active) {
    boolean switches = (read.tls() == null) != (active.tls() == null);
    return switches ? read.withTls(active.tls()) : read;
  }

  /** A line if the web server would change between HTTP and HTTPS. */
  static List<String> wanted(WebAccess read, WebAccess active) {
    List<String> lines = new ArrayList<>();
    compare("tls_server_config", protocol(read), protocol(active), lines);
    return lines;
  }

  private static String protocol(WebAccess access) {
    return access.tls() == null ? "HTTP" : "HTTPS";
  }

  private static void compare(String key, Object read, Object active, List<String> into) {
    if (!read.equals(active)) {
      into.add(
          "%s: this change needs a restart. Found: %s. Active: %s.".formatted(key, read, active));
    }
  }
}
