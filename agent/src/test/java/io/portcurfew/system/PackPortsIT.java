package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.JsonText;
import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports that the packs name, open on every address or on loopback. */
class PackPortsIT {

  private static final int[] TCP = {
    445, 873, 1099, 1521, 2049, 2181, 2376, 3260, 3389, 4243, 5005, 5900, 5984, 6000, 8086, 8500,
    8888, 9042, 9092, 9200, 9300, 10000, 10257, 10259, 11434, 15672, 16379, 25672, 26379, 27018,
    27019, 33060, 61616
  };

  private static final int[] UDP = {3702, 5683};

  @TempDir private Path folder;

  @BeforeEach
  void copyPacks() throws Exception {
    Requirement.program("python3");
    Program.must("cp", "-r", Program.HOME.resolve("config/policies").toString(), folder.toString());
  }

  private String policy(String text) throws Exception {
    return Files.writeString(folder.resolve("policy.yaml"), text).toString();
  }

  private static String opened(String kind, int[] ports, String address) {
    String all = IntStream.of(ports).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    return "held_%s = [bound(%s, V4, '%s', port) for port in (%s,)]"
        .formatted(kind, kind, address, all);
  }

  private static String server(String address) {
    return holding(
        opened("TCP", TCP, address),
        "for one in held_TCP: one.listen(1)",
        opened("UDP", UDP, address));
  }

  /** Returns kind, port and rule of each finding, as in {@code exposed 611 npmp-gui}. */
  private static List<String> findings(Ended scan) {
    Map<?, ?> verdict = (Map<?, ?>) JsonText.values(scan.out()).get(0);
    return ((List<?>) verdict.get("findings"))
        .stream()
            .map(one -> (Map<?, ?>) one)
            .map(one -> one.get("kind") + " " + port(one) + " " + one.get("rule"))
            .toList();
  }

  private static Object port(Map<?, ?> finding) {
    return finding.get("endpoint") instanceof Map<?, ?> endpoint ? endpoint.get("port") : null;
  }

  @Test
  void everyNamedPortIsExposedOnEveryAddress() throws Exception {
    String policy =
        policy("version: 1\ndefault: allow\ninclude: [policies/exposure.yaml]\nrules: []\n");
    try (IsolatedMachine here = IsolatedMachine.start()) {
      try (Python server = here.hold(List.of(), server("0.0.0.0"))) {
        assertThat(server.pid()).isPositive();
        Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy, "--output", "json");
        assertThat(scan.status()).as(scan.err()).isEqualTo(1);
        assertThat(findings(scan))
            .extracting(one -> one.substring(0, one.lastIndexOf(' ')))
            .containsExactlyInAnyOrderElementsOf(
                Stream.of(TCP, UDP)
                    .flatMapToInt(IntStream::of)
                    .mapToObj(port -> "exposed " + port)
                    .toList());
      }
      try (Python server = here.hold(List.of(), server("127.0.0.1"))) {
        assertThat(server.pid()).isPositive();
        Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy, "--output", "json");
        assertThat(findings(scan)).isEmpty();
        assertThat(scan.status()).as(scan.out() + scan.err()).isZero();
      }
    }
  }

  @Test
  void anotherProgramOnADefaultOfDebian_isReported() throws Exception {
    String policy =
        policy("version: 1\ndefault: deny\ninclude: [policies/linux-server.yaml]\nrules: []\n");
    String server =
        holding("a = bound(UDP, V4, '127.0.0.1', 323)", "b = bound(UDP, V4, '0.0.0.0', 5353)");
    try (IsolatedMachine here = IsolatedMachine.start();
        Python held = here.hold(List.of(), server)) {
      assertThat(held.pid()).isPositive();
      Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy, "--output", "json");
      assertThat(findings(scan))
          .containsExactlyInAnyOrder("wrong-owner 323 time-control", "unlisted 5353 default");
    }
  }
}
