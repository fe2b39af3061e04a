package io.portcurfew.simulation;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of the agent, written by the simulation.
 *
 * @param web true if the policy has the rule of port 8080
 * @param digests true if a rule asks for digests of executables
 * @param heartbeat true if the config has a heartbeat
 * @param extra true if the config has the receiver "extra"
 * @param sweep true if the cross-check sweeps
 * @param fault a mistake of the admin in the config; NONE if it is valid
 */
record SimulatedConfig(
    boolean web, boolean digests, boolean heartbeat, boolean extra, boolean sweep, Fault fault) {

  static final int REQUIRED = 22;
  static final int NPMP = 611;
  static final int WEB = 8080;
  static final int FIRST_OF_MANY = 7000;
  static final int LAST_OF_MANY = 7039;
  static final int FIRST_OF_FLOOD = 20_000;

  /** More than a summary lists. */
  static final int FLOOD = 210;

  /**
   * Ports of rules in this order: of both receivers with a filter, of one, of the other, of both.
   */
  static final List<Integer> TWINS = List.of(7100, 7101, 7102, 7103);

  private static final List<String> TWIN_RULES = List.of("a-both", "b-left", "c-right", "d-both");

  /** Mistakes that the agent must refuse. */
  enum Fault {
    NONE,
    UNKNOWN_KEY,
    RECEIVER_NAMED_LOG,
    SAME_FILE
  }

  static final SimulatedConfig FIRST =
      new SimulatedConfig(true, false, true, false, false, Fault.NONE);

  /** The same with one thing changed. */
  SimulatedConfig changed(Random random) {
    Fault[] faults = Fault.values();
    Fault wrong =
        random.nextInt(4) > 0 ? Fault.NONE : faults[1 + random.nextInt(faults.length - 1)];
    int what = random.nextInt(5);
    return new SimulatedConfig(
        web ^ (what == 0),
        digests ^ (what == 1),
        heartbeat ^ (what == 2),
        extra ^ (what == 3),
        sweep ^ (what == 4),
        wrong);
  }

  /** The same with or without the receiver "extra". */
  SimulatedConfig withExtra(boolean wanted) {
    return new SimulatedConfig(web, digests, heartbeat, wanted, sweep, Fault.NONE);
  }

  /** The same with or without the sweep. */
  SimulatedConfig withSweep(boolean wanted) {
    return new SimulatedConfig(web, digests, heartbeat, extra, wanted, Fault.NONE);
  }

  boolean isValid() {
    return fault == Fault.NONE;
  }

  /** The receivers that it has, with the log. */
  Set<String> receivers() {
    Set<String> names =
        new TreeSet<>(
            Set.of(
                "log",
                "ops",
                "left",
                "right",
                "pager",
                SimulatedAlertFile.RECEIVER,
                SimulatedAlertmanager.NAME));
    if (extra) {
      names.add("extra");
    }
    return names;
  }

  /** The rule about this port; empty if there is none. */
  Optional<String> rule(int port) {
    if (port == NPMP) {
      return Optional.of("npmp");
    }
    if (port == WEB && web) {
      return Optional.of("web");
    }
    if (port == REQUIRED) {
      return Optional.of("sshd");
    }
    if (port >= FIRST_OF_FLOOD && port < FIRST_OF_FLOOD + FLOOD) {
      return Optional.of("flood");
    }
    if (TWINS.contains(port)) {
      return Optional.of(TWIN_RULES.get(TWINS.indexOf(port)));
    }
    return port >= FIRST_OF_MANY && port <= LAST_OF_MANY ? Optional.of("many") : Optional.empty();
  }

  /** True if this receiver wants notifications about this rule. */
  static boolean wants(String receiver, String rule) {
    return switch (receiver) {
      case "left" -> Set.of("npmp", "web", "a-both", "b-left", "d-both").contains(rule);
      case "right" -> Set.of("npmp", "many", "a-both", "c-right", "d-both").contains(rule);
      // It takes a few events a minute.
      case "pager" -> !rule.equals("flood");
      default -> true;
    };
  }

  LoadAttempt write(Path folder, Path state) {
    try {
      Files.writeString(folder.resolve("policy.yaml"), policy());
      Path key = folder.resolve("key");
      if (!Files.exists(key)) {
        Files.createFile(
            key,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "0123456789abcdef0123456789abcdef");
      }
      Files.writeString(folder.resolve("portcurfew.yaml"), config(folder, state));
      return new ConfigFiles(folder.resolve("none"), expression -> Optional.empty())
          .attempt(folder.resolve("portcurfew.yaml"), null, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String policy() {
    return """
        version: 1
        default: allow
        rules:
          - {name: npmp, ports: 611, protocol: tcp, expect: closed, severity: critical, labels: {left: "y", right: "y"}}
          - {name: many, ports: 7000-7039, protocol: tcp, expect: closed, labels: {right: "y"}}
          - {name: flood, ports: 20000-20209, protocol: tcp, expect: closed, severity: info}
          - {name: a-both, ports: 7100, protocol: tcp, expect: closed, labels: {left: "y", right: "y"}}
          - {name: b-left, ports: 7101, protocol: tcp, expect: closed, labels: {left: "y"}}
          - {name: c-right, ports: 7102, protocol: tcp, expect: closed, labels: {right: "y"}}
          - {name: d-both, ports: 7103, protocol: tcp, expect: closed, labels: {left: "y", right: "y"}}
          - {name: sshd, ports: 22, protocol: tcp, expect: required, for: 30s}
        """
        + (web
            ? "  - {name: web, ports: 8080, protocol: tcp, expect: closed, for: 30s, labels: {left: \"y\"}}\n"
            : "")
        + (digests
            ? "  - {name: own, ports: 9, expect: allowed, by: [{executable: /bin/own, sha256: "
                + "ab".repeat(32)
                + "}]}\n"
            : "");
  }

  private String config(Path folder, Path state) {
    return """
        policy: %s/policy.yaml
        state: %s
        web: {listen: "127.0.0.1:0"}
        scan: {every: 10s}
        cross_check: {every: 1m%s}
        notify:
          group_by: [protocol]
        %s  receivers:
            - {name: ops, webhook: {url: "http://127.0.0.1:1/ops"}}
            - {name: left, match: {left: "y"}, webhook: {url: "http://127.0.0.1:1/left"}}
            - {name: right, match: {right: "y"}, webhook: {url: "http://127.0.0.1:1/right"}}
            - {name: pager, severity: warning, pagerduty: {routing_key_file: %s/key}}
            - {name: am, alertmanager: {urls: ["http://127.0.0.1:1"]}}
            - {name: lines, file: {path: %s}}
        """
            .formatted(
                folder,
                state,
                sweep ? ", sweep: true" : "",
                heartbeat ? "  heartbeat: {receiver: ops, every: 60s}\n" : "",
                folder,
                SimulatedAlertFile.path(folder))
        + (extra ? "    - {name: extra, webhook: {url: \"http://127.0.0.1:1/extra\"}}\n" : "")
        + switch (fault) {
          case NONE -> "";
          case UNKNOWN_KEY -> "unknown: 1\n";
          case SAME_FILE ->
              "    - {name: twin, file: {path: " + SimulatedAlertFile.path(folder) + "}}\n";
          case RECEIVER_NAMED_LOG ->
              "    - {name: log, severity: critical, webhook: {url: \"http://127.0.0.1:1/log\"}}\n";
        };
  }
}
