package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The doctor of the finished distribution, in places that the test makes. */
class DoctorIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @BeforeEach
  void needs() {
    Requirement.root();
    Requirement.program("unshare");
    Requirement.program("python3");
  }

  private Path config(String... more) throws IOException {
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        state: %s
        web: {listen: "127.0.0.1:0"}
        %s
        """
            .formatted(folder.resolve("state"), String.join("\n", more)));
  }

  /** A small host of its own: nothing listens in it but Python, on port 7611. */
  private static Ended inAFreshHost(String prefix, String arguments) throws Exception {
    String listen =
        holding("s = bound(TCP, V4, '127.0.0.1', 7611); s.listen(1)").replace("'", "\"");
    String script =
        "ip link set lo up; if [ -d /run/netns ]; then mount -t tmpfs none /run/netns; fi;"
            + " { /usr/bin/python3 -c '"
            + listen
            + "' & } | head -n 1 >/dev/null; exec "
            + prefix
            + " "
            + PORTCURFEW
            + " doctor "
            + arguments;
    return Program.run(
        "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script);
  }

  private static JsonNode check(JsonNode diagnosis, String name) {
    return StreamSupport.stream(diagnosis.get("checks").spliterator(), false)
        .filter(check -> check.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + name + " in " + diagnosis));
  }

  private static String state(JsonNode diagnosis, String name) {
    return check(diagnosis, name).get("state").asString();
  }

  @Test
  void rootSeesEverythingWithEverySource() throws Exception {
    Requirement.program("ss");
    Requirement.program("lsof");
    Requirement.program("netstat");
    Ended ended = inAFreshHost("", "--output json --config " + config());
    JsonNode diagnosis = JSON.readTree(ended.out());
    for (String source : List.of("sock_diag", "oshi", "ss", "lsof", "netstat")) {
      assertThat(state(diagnosis, source)).as(source + " in " + ended.out()).isEqualTo("ok");
    }
    assertThat(check(diagnosis, "owners").get("found").asString()).contains("(1)");
    assertThat(check(diagnosis, "network namespaces").get("found").asString())
        .isEqualTo("1 known (host), all observed");
    assertThat(state(diagnosis, "sock_diag")).isEqualTo("ok");
    assertThat(diagnosis.get("schema").asInt()).isEqualTo(1);
    assertThat(diagnosis.get("all_seen").asBoolean()).isTrue();
    assertThat(diagnosis.get("all_well").asBoolean()).isTrue();
    assertThat(ended.status()).isEqualTo(0);
  }

  @Test
  void tableBeginsWithAllIsSeen() throws Exception {
    Ended ended = inAFreshHost("", "--config " + config());
    assertThat(ended.out()).startsWith("ALL IS SEEN: ").contains("Visibility\n");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isEqualTo(0);
  }

  @Test
  void missingToolsAreNoProblem() throws Exception {
    String hide =
        "mkdir -p "
            + folder.resolve("upper")
            + " "
            + folder.resolve("work")
            + "; mount -t overlay overlay -o lowerdir=/usr/bin,upperdir="
            + folder.resolve("upper")
            + ",workdir="
            + folder.resolve("work")
            + " /usr/bin; rm -f /usr/bin/ss /usr/bin/lsof /usr/bin/netstat;";
    Ended ended =
        inAFreshHost("sh -c '" + hide + " exec \"$@\"' sh", "--output json --config " + config());
    JsonNode diagnosis = JSON.readTree(ended.out());
    assertThat(state(diagnosis, "ss")).isEqualTo("limited");
    assertThat(check(diagnosis, "ss").get("do").asString()).contains("iproute2");
    assertThat(check(diagnosis, "netstat").get("do").asString()).contains("net-tools");
    assertThat(ended.status()).isEqualTo(0);
  }

  @Test
  void unprivilegedUserGetsTheNeededCapabilities() throws Exception {
    try (Namespace here = Namespace.create("doctor");
        Program.Python holder =
            Program.Python.start(
                here.prefix(), holding("s = bound(TCP, V4, '127.0.0.1', 7611); s.listen(1)"))) {
      assertThat(holder.pid()).isPositive();
      Ended ended =
          PublicDistribution.into(folder)
              .run(here.prefix(), PublicDistribution.AS_NOBODY, "doctor", "--output", "json");
      JsonNode diagnosis = JSON.readTree(ended.out());
      assertThat(state(diagnosis, "owners")).isEqualTo("not-seen");
      assertThat(check(diagnosis, "owners").get("found").asString())
          .contains("(tcp 127.0.0.1:7611");
      assertThat(check(diagnosis, "owners").get("do").asString())
          .contains("CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
      assertThat(check(diagnosis, "rights").get("found").asString()).startsWith("uid 65534 ");
      assertThat(diagnosis.get("all_seen").asBoolean()).isFalse();
      assertThat(ended.status()).isEqualTo(3);
    }
  }

  @Test
  void runningAgentIsNamedAndUndisturbed() throws Exception {
    Path config = config();
    try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
      String held = "used by the running agent, pid " + daemon.pid();
      for (int i = 0; i < 2; i++) {
        Ended ended = doctor(config);
        assertThat(ended.out()).contains("OK        state folder");
        assertThat(ended.out().replaceAll("\\s+", " ")).contains(held);
      }
      Process second = Daemon.begin(config, folder.resolve("second"));
      assertThat(second.waitFor()).as("the lock is still held").isEqualTo(75);
    }
    assertThat(doctor(config).out().replaceAll("\\s+", " ")).contains("used by no agent");
  }

  @Test
  void webAddressOfTheRunningAgentIsOk() throws Exception {
    int port = Peer.freePort();
    Path config = folder.resolve("portcurfew.yaml");
    String text = Files.readString(config()).replace("127.0.0.1:0", "127.0.0.1:" + port);
    Files.writeString(config, text);
    assertThat(doctor(config).out()).contains("tcp 127.0.0.1:" + port + " is free");
    try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
      assertThat(doctor(config).out().replaceAll("\\s+", " "))
          .contains("127.0.0.1:" + port + " is used by the running agent, pid " + daemon.pid());
    }
  }

  @Test
  void unreachableReceiverIsShownWithoutItsToken() throws Exception {
    int port = Peer.freePort();
    try (ServerSocket open = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Path config =
          config(
              "notify:",
              "  receivers:",
              "    - {name: ops, webhook: {url: \"http://127.0.0.1:" + port + "/sesame\"}}",
              "    - {name: up, webhook: {url: \"http://127.0.0.1:"
                  + open.getLocalPort()
                  + "/sesame\"}}");
      Ended ended = doctor(config, "--output", "json");
      JsonNode diagnosis = JSON.readTree(ended.out());
      assertThat(state(diagnosis, "ops")).isEqualTo("broken");
      assertThat(check(diagnosis, "ops").get("found").asString())
          .isEqualTo("http 127.0.0.1:" + port + " cannot be reached: Connection refused");
      assertThat(state(diagnosis, "up")).isEqualTo("ok");
      assertThat(ended.out()).doesNotContain("sesame");
      assertThat(ended.status()).isEqualTo(3);
      assertThat(open.accept().getInputStream().readAllBytes()).as("no request").isEmpty();
    }
  }

  @Test
  void wrongConfigIsReported() throws Exception {
    Ended ended = doctor(config("nonsense: 1"));
    assertThat(ended.err()).contains("nonsense");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.status()).isEqualTo(78);
  }

  private static Ended doctor(Path config, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(PORTCURFEW, "doctor", "--config", config.toString()));
    command.addAll(List.of(more));
    return Program.run(command);
  }
}
