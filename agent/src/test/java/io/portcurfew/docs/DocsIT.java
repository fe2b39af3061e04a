package io.portcurfew.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The {@code live} blocks of the documents, run by the finished distribution as root on a host of
 * their own: network, pid and mount namespaces, an {@code /etc/portcurfew} as it is installed, and
 * a {@code systemctl} and {@code journalctl} that start the agent and show its log.
 */
class DocsIT {

  private static final Path HOME =
      Path.of(System.getProperty("portcurfew.home", "target/portcurfew")).toAbsolutePath();

  private static final String HOST =
      """
      set -m
      mkdir -p "$T/bin" "$T/host"
      mount -t tmpfs tmpfs "$T/host"
      cp -a /etc "$T/host/etc"
      mkdir -p "$T/host/etc/portcurfew"
      cp -r "$HOME_OF_PORTCURFEW"/config/* "$T/host/etc/portcurfew/"
      sed -i 's/^scan: .*/scan: {every: 1s}/' "$T/host/etc/portcurfew/portcurfew.yaml"
      chmod -R go-w "$T/host/etc/portcurfew"
      mount --bind "$T/host/etc" /etc
      mount -t tmpfs tmpfs /var/lib
      ip link set lo up
      hostname web-1
      export HOME="$T" PATH="$T/bin:$HOME_OF_PORTCURFEW/bin:/usr/sbin:/usr/bin:/sbin:/bin"
      printf '#!/bin/sh\\ncat "%s"\\n' "$T/agent.log" >"$T/bin/journalctl"
      cat >"$T/bin/systemctl" <<'EOF'
      #!/bin/sh
      case "$1" in
        start)
          setsid portcurfew run >>"$T/agent.log" 2>&1 </dev/null &
          echo $! >"$T/pid"
          until curl -sf http://127.0.0.1:10611/-/ready >/dev/null; do sleep 0.1; done ;;
        stop)
          kill "$(cat "$T/pid")"
          while kill -0 "$(cat "$T/pid")" 2>/dev/null; do sleep 0.1; done ;;
      esac
      EOF
      chmod +x "$T"/bin/*
      wait_for_port() { until ss -Hltn "sport = :$1" | grep -q .; do sleep 0.1; done; }
      wait_for_log() { until grep -q "$1" "$T/agent.log"; do sleep 0.1; done; }
      wait_for_metric() { until curl -s http://127.0.0.1:10611/metrics | grep -qF "$1"; do sleep 0.1; done; }
      wait_for_history() { until portcurfew history | grep -q "$1"; do sleep 0.1; done; }
      kill_servers() { kill $(jobs -p); wait; }
      """;

  private static final Pattern SERVER = Pattern.compile("http\\.server (\\d+)");

  /** The lines of bash about background jobs that end; a person sees other words for it. */
  private static final Pattern JOB =
      Pattern.compile("(?m)^(?:\\S+: line \\d+: |\\[\\d+\\][+-]? ).*\n");

  @TempDir private Path folder;

  static List<Page> sessions() {
    return Page.all().stream().filter(DocsIT::isLive).toList();
  }

  private static boolean isLive(Page page) {
    return page.blocks("console").stream().anyMatch(block -> block.mark().equals("live"));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void everyLiveSessionPrintsWhatThePageShows(Page page) throws Exception {
    Requirement.root();
    for (String program :
        List.of(
            "unshare",
            "ip",
            "ss",
            "lsof",
            "netstat",
            "curl",
            "git",
            "jq",
            "python3",
            "gpg",
            "apt-ftparchive",
            "ssh-keygen",
            "prometheus",
            "promtool",
            "prometheus-alertmanager",
            "amtool")) {
      Requirement.program(program);
    }
    List<Shown> shown = new ArrayList<>();
    Path script = Files.writeString(folder.resolve("script.sh"), script(page, shown));
    List<String> command =
        List.of(
            "unshare",
            "--net",
            "--uts",
            "--pid",
            "--fork",
            "--mount",
            "--mount-proc",
            "bash",
            script.toString());
    String all = Shell.run(Page.ROOT, environment(), command);
    String[] real = JOB.matcher(all).replaceAll("").split("(?m)^@@\\d+\n", -1);
    assertThat(real).as(all).hasSize(shown.size() + 1);
    Outputs outputs = new Outputs(page);
    for (int i = 0; i < shown.size(); i++) {
      outputs.add(shown.get(i).block(), shown.get(i).step(), real[i + 1]);
    }
    outputs.settle(log());
  }

  private record Shown(Page.Block block, Session.Step step) {}

  private Map<String, String> environment() {
    return Map.of(
        "T", folder.toString(),
        "HOME_OF_PORTCURFEW", HOME.toString(),
        "PORTCURFEW_JAVA", System.getProperty("java.home") + "/bin/java");
  }

  private String log() throws IOException {
    Path log = folder.resolve("agent.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Preparations and live commands in the order of the page, each output behind a line @@N. */
  private static String script(Page page, List<Shown> shown) {
    StringBuilder script = new StringBuilder(HOST);
    List<Page.Before> preparations = new ArrayList<>(page.preparations());
    for (Page.Block block : page.blocks("console")) {
      while (!preparations.isEmpty() && preparations.get(0).start() < block.start()) {
        String commands = preparations.remove(0).commands();
        script.append("{ ").append(commands).append("\n} >/dev/null 2>&1\n");
      }
      if (block.mark().equals("live")) {
        for (Session.Step step : Session.of(block.body()).steps()) {
          script.append("echo @@").append(shown.size()).append('\n');
          script.append(step.command()).append('\n');
          SERVER
              .matcher(step.command())
              .results()
              .forEach(
                  server -> script.append("wait_for_port ").append(server.group(1)).append('\n'));
          shown.add(new Shown(block, step));
        }
      }
    }
    return script.toString();
  }
}
