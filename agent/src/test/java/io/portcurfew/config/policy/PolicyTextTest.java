package io.portcurfew.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.portcurfew.config.Examples;
import io.portcurfew.config.Schemas;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.judge.RandomRules;
import io.portcurfew.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTextTest {

  static Stream<Path> goodFiles() {
    return Examples.good("policy").stream();
  }

  private static Policy read(String text) {
    ReadResult<PolicyFiles.ReadPolicy> read = Examples.policy("printed.yaml", text.getBytes(UTF_8));
    assertThat(read).as(text).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<PolicyFiles.ReadPolicy>) read).value().policy();
  }

  @ParameterizedTest
  @MethodSource("goodFiles")
  void writtenPolicyEqualsTheReadPolicy(Path file) {
    Policy policy = read(new String(Examples.bytes(file), UTF_8));
    assertThat(read(PolicyText.of(policy, List.of()))).isEqualTo(policy);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void randomPolicyIsEqualAfterWritingAndReading(long seed) {
    RandomRules rules = new RandomRules(new Random(seed), 60);
    Schema schema = Schemas.schema("policy");
    for (int i = 0; i < 1_500; i++) {
      Policy policy = rules.policy(6);
      String text = PolicyText.of(policy, List.of("learned", ""));
      assertThat(read(text)).as(text).isEqualTo(policy);
      assertThat(Schemas.errors(schema, text.getBytes(UTF_8))).as(text).isEmpty();
    }
  }

  @Test
  void textIsReadable() {
    String text =
        """
        # learned
        version: 1
        default: deny
        rules:
          - name: postgres
            ports: [5432, 6432-6433]
            protocol: tcp
            expect: allowed
            address: [loopback, 10.0.0.0/8, "::1"]
            by:
              - executable: /usr/lib/postgresql/*/bin/postgres
                user: postgres
              - unit: pgbouncer.service
            until: 2027-06-30
            severity: critical
            because: "Clients on this host: the pool."
            for: 300s
            labels:
              team: databases
              tier: "1"
            runbook: "https://wiki.example.org/postgres"
          - name: npmp-gui
            ports: 611
            expect: closed
        """;
    assertThat(PolicyText.of(read(text), List.of("learned"))).isEqualTo(text);
  }

  @Test
  void aPolicyWithoutRulesIsOne() {
    assertThat(PolicyText.of(new Policy(true, List.of()), List.of()))
        .isEqualTo("version: 1\ndefault: allow\nrules: []\n");
  }
}
