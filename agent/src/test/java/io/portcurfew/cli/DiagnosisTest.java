package io.portcurfew.cli;

import static io.portcurfew.doctor.Check.CheckState.BROKEN;
import static io.portcurfew.doctor.Check.CheckState.LIMITED;
import static io.portcurfew.doctor.Check.CheckState.NOT_SEEN;
import static io.portcurfew.doctor.Check.CheckState.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.json.DiagnosisJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.text.DiagnosisTable;
import io.portcurfew.doctor.Check;
import io.portcurfew.doctor.Check.CheckState;
import io.portcurfew.doctor.Check.Topic;
import io.portcurfew.doctor.Diagnosis;
import io.portcurfew.observe.HostText;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosisTest {

  private static final Diagnosis SOME =
      new Diagnosis(
          HostText.of("web-1"),
          List.of(
              new Check(Topic.KERNEL, "release", OK, "Linux 6.1.0", null),
              new Check(Topic.SOURCES, "sock_diag", OK, "12 listeners, nothing missed", null),
              new Check(
                  Topic.VISIBILITY,
                  "owners",
                  NOT_SEEN,
                  "unknown for 1 of 12 (tcp 0.0.0.0:2024): no right to read the descriptors of 3 processes",
                  "run it as root")));

  private static Diagnosis of(CheckState... states) {
    return new Diagnosis(
        HostText.of("web-1"),
        Stream.of(states).map(state -> new Check(Topic.AGENT, "x", state, "y", null)).toList());
  }

  @Test
  void tableHasOneLinePerCheck() {
    assertThat(new DiagnosisTable(SOME, 0).render())
        .isEqualTo(
            """
            NOT ALL IS SEEN: web-1, 2 OK, 1 NOT SEEN

            Sources
              OK        sock_diag              12 listeners, nothing missed

            Visibility
              NOT SEEN  owners                 unknown for 1 of 12 (tcp 0.0.0.0:2024): no right to read the
                                               descriptors of 3 processes
                                               do: run it as root

            Kernel
              OK        release                Linux 6.1.0
            """);
  }

  @Test
  void narrowTerminal_hasNarrowLines() {
    assertThat(new DiagnosisTable(SOME, 80).render().lines())
        .allMatch(line -> line.length() <= 80)
        .anyMatch(line -> line.endsWith("0.0.0.0:2024): no"));
  }

  @Test
  void jsonHasEveryCheckAndItsRemedy() {
    assertThat(DiagnosisJson.render(SOME))
        .isEqualTo(
            """
            {
              "schema": 1,
              "host": "web-1",
              "all_seen": false,
              "all_well": false,
              "checks": [
                {
                  "topic": "sources",
                  "name": "sock_diag",
                  "state": "ok",
                  "found": "12 listeners, nothing missed"
                },
                {
                  "topic": "sight",
                  "name": "owners",
                  "state": "not-seen",
                  "found": "unknown for 1 of 12 (tcp 0.0.0.0:2024): no right to read the descriptors of 3 processes",
                  "do": "run it as root"
                },
                {
                  "topic": "kernel",
                  "name": "release",
                  "state": "ok",
                  "found": "Linux 6.1.0"
                }
              ]
            }
            """);
  }

  @Test
  void markupInAHostNameIsNotInterpreted() {
    Diagnosis diagnosis = new Diagnosis(HostText.of("@|red x|@"), List.of());
    assertThat(new DiagnosisTable(diagnosis, 0).render()).startsWith("ALL IS SEEN: @|red x|@");
  }

  static Stream<Arguments> outcomes() {
    return Stream.of(
        Arguments.of(of(), 0, true, "ALL IS SEEN: "),
        Arguments.of(of(OK, LIMITED), 0, true, "ALL IS SEEN: "),
        Arguments.of(of(OK, NOT_SEEN), 3, false, "NOT ALL IS SEEN: "),
        Arguments.of(of(BROKEN), 3, true, "ALL IS SEEN, BUT SOMETHING IS BROKEN: "),
        Arguments.of(of(BROKEN, NOT_SEEN), 3, false, "NOT ALL IS SEEN: "));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void exitStatusFollowsTheWorstCheck(
      Diagnosis diagnosis, int status, boolean allSeen, String sum) {
    assertThat(Exit.of(diagnosis)).isEqualTo(status);
    assertThat(diagnosis.allSeen()).isEqualTo(allSeen);
    assertThat(new DiagnosisTable(diagnosis, 0).render()).startsWith(sum);
  }
}
