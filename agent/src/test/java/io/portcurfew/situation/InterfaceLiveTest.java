package io.portcurfew.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Services that are bound to an interface, or to its address, which comes and goes. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class InterfaceLiveTest {

  private static final String NAMED = "pc\u00fc\"x";
  private static final String LISTEN =
      """
      held = []
      def udp(family, address, port, device=None):
          s = socket.socket(family, socket.SOCK_DGRAM)
          if device: s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
          s.bind((address, port))
          held.append(s)
      udp(socket.AF_INET, '10.61.9.1', 5353)
      udp(socket.AF_INET6, 'fd61:9::1', 5354)
      udp(socket.AF_INET, '0.0.0.0', 5355, 'pctun0')
      udp(socket.AF_INET, '0.0.0.0', 5356, 'NAMED')
      ready(1)
      """
          .replace("NAMED", NAMED);

  private static final String POLICY =
      """
      version: 1
      default: deny
      rules:
        - {name: dns, ports: 5353-5355, protocol: udp, expect: allowed, address: pctun0}
      """;

  @BeforeEach
  void create() throws Exception {
    Requirement.root();
    Requirement.program("ip");
    // A test that failed may have left it.
    delete();
    ip("link add pctun0 type veth peer name pctun1");
    ip("link add " + NAMED + " type veth peer name pctun2");
    ip("link set pctun0 up");
    ip("link set " + NAMED + " up");
    ip("address add 10.61.9.1/24 dev pctun0");
    ip("address add fd61:9::1/64 dev pctun0 nodad");
  }

  @AfterEach
  void delete() throws Exception {
    Tool.run("ip", "link", "del", "pctun0");
    Tool.run("ip", "link", "del", NAMED);
  }

  private static void ip(String words) throws Exception {
    Tool.Result result = Tool.run("ip", words.split(" ", -1));
    assertThat(result.status()).as(result.output()).isZero();
  }

  @Test
  void addressOfTheInterfaceFits() throws Exception {
    try (PythonProcess running = PythonProcess.run(LISTEN);
        LiveJudgement judged = LiveJudgement.by(POLICY)) {
      assertThat(running.word(0)).isEqualTo(1);
      for (int port = 5353; port <= 5355; port++) {
        assertThat(judged.kinds(port)).as("port %d", port).isEmpty();
      }
      ip("address del 10.61.9.1/24 dev pctun0");
      judged.again();
      assertThat(judged.kinds(5353)).containsExactly("exposed");
      assertThat(judged.findings(5353).get(0).message())
          .contains("(allowed: pctun0; no interface has the address now)");
      ip("address add 10.61.9.1/24 dev pctun0");
      judged.again();
      assertThat(judged.kinds(5353)).isEmpty();
    }
  }

  @Test
  void interfaceThatIsGoneIsExposed() throws Exception {
    try (PythonProcess running = PythonProcess.run(LISTEN);
        LiveJudgement judged = LiveJudgement.by(POLICY)) {
      assertThat(running.word(0)).isEqualTo(1);
      ip("link del pctun0");
      judged.again();
      for (int port = 5353; port <= 5355; port++) {
        assertThat(judged.kinds(port)).as("port %d", port).containsExactly("exposed");
      }
    }
  }

  @Test
  void sourcesAgreeOnInterfacesOfAnyName() throws Exception {
    Requirement.program("ss");
    try (PythonProcess running = PythonProcess.run(LISTEN);
        LiveJudgement judged = LiveJudgement.by(POLICY)) {
      assertThat(running.word(0)).isEqualTo(1);
      assertThat(judged.listener(5356).endpoint().address().zone())
          .isEqualTo(HostText.of(NAMED).toString());
      assertThat(disagreements(judged)).isEmpty();
      ip("link del pctun0");
      judged.again();
      assertThat(judged.listener(5355).endpoint().address().zone()).startsWith("if");
      assertThat(disagreements(judged)).isEmpty();
    }
  }

  private static List<Disagreement> disagreements(LiveJudgement judged) throws Exception {
    byte[] printed =
        Tool.run("ss", "-n", "-t", "-u", "-l", "-p", "-e")
            .output()
            .getBytes(StandardCharsets.UTF_8);
    Snapshot both = PlainSnapshots.of(Instant.EPOCH, judged.view(), Format.SS.parse("ss", printed));
    List<Integer> ours =
        both.listeners().stream()
            .map(Listener::endpoint)
            .map(endpoint -> endpoint.port())
            .filter(port -> port >= 5353 && port <= 5356)
            .toList();
    assertThat(ours).containsExactly(5353, 5354, 5355, 5356);
    return both.disagreements().stream()
        .filter(one -> one.endpoint().port() >= 5353 && one.endpoint().port() <= 5356)
        .toList();
  }
}
