package io.portcurfew.cli;

import io.portcurfew.json.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * The result of {@code judge} on a capture, with a policy that allows everything.
 *
 * @param hosts the verdict of each host, as in the JSON
 * @param json standard output
 * @param errors standard error
 */
record JudgeRun(int status, List<Map<?, ?>> hosts, String json, String errors) {

  private static final String ALLOWS =
      """
      version: 1
      default: allow
      rules:
        - {name: none, ports: 1, expect: closed}
      """;

  /** Judges a file; the config and the policy are written to the folder. */
  static JudgeRun of(Path folder, String format, Path capture, String... more) throws IOException {
    Path config = Files.writeString(folder.resolve("portcurfew.yaml"), "{}");
    Path policy = Files.writeString(folder.resolve("policy.yaml"), ALLOWS);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Cli.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> arguments =
        new ArrayList<>(List.of("judge", "--config", config.toString(), "--output", "json"));
    arguments.addAll(List.of("--policy", policy.toString(), "--as", format));
    arguments.addAll(List.of(more));
    arguments.add(capture.toString());
    int status = line.execute(arguments.toArray(String[]::new));
    String json = out.toString();
    List<Map<?, ?>> hosts = json.isEmpty() ? List.of() : hosts(json);
    return new JudgeRun(status, hosts, json, err.toString());
  }

  /** Judges bytes. */
  static JudgeRun of(Path folder, String format, byte[] capture, String... more)
      throws IOException {
    return of(folder, format, Files.write(folder.resolve("capture.txt"), capture), more);
  }

  private static List<Map<?, ?>> hosts(String json) {
    Map<?, ?> root = (Map<?, ?>) JsonText.values(json).get(0);
    return root.containsKey("hosts")
        ? list(root, "hosts").stream().<Map<?, ?>>map(host -> (Map<?, ?>) host).toList()
        : List.of(root);
  }

  private static List<?> list(Map<?, ?> tree, String key) {
    return tree.get(key) instanceof List<?> list ? list : List.of();
  }

  /** Returns the listeners of all hosts, such as {@code tcp 0.0.0.0:611 [7]}. */
  List<String> listeners() {
    return hosts.stream()
        .flatMap(host -> list(host, "listeners").stream())
        .map(listener -> shown((Map<?, ?>) listener))
        .sorted()
        .toList();
  }

  /** Returns lines such as {@code row: why}. */
  List<String> gaps() {
    return hosts.stream()
        .flatMap(host -> list(host, "gaps").stream())
        .map(gap -> ((Map<?, ?>) gap).get("what") + ": " + ((Map<?, ?>) gap).get("why"))
        .toList();
  }

  private static String shown(Map<?, ?> listener) {
    TreeSet<Long> pids =
        list(listener, "owners").stream()
            .map(owner -> (Long) ((Map<?, ?>) owner).get("pid"))
            .collect(Collectors.toCollection(TreeSet::new));
    return listener.get("protocol")
        + " "
        + listener.get("address")
        + " "
        + listener.get("port")
        + " "
        + pids;
  }
}
