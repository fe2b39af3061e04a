package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures from which a person or a command took rows, and which show it. */
class OmittedRowsTest {

  @TempDir Path folder;

  static Stream<String> tables() {
    return CaptureSamples.FORMATS.stream().filter(format -> !format.equals("lsof-fields"));
  }

  private JudgeRun judge(String format, String capture) throws IOException {
    return JudgeRun.of(folder, format, capture.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "...",
        "      ...",
        "  [...]",
        "[...]",
        "<snip>",
        "  <snip>",
        "--",
        "\u2026",
        ":",
        "(2 rows omitted)",
        "[25 lines omitted]",
        "etc...",
        "... 25 more"
      })
  void aMarkInPlaceOfARow_isAGap(String mark) throws IOException {
    for (String format : tables().toList()) {
      List<String> lines = new ArrayList<>(CaptureSamples.of(format).lines().toList());
      int row =
          IntStream.range(0, lines.size())
              .filter(i -> lines.get(i).contains("6110"))
              .max()
              .orElseThrow();
      lines.set(row, mark);

      JudgeRun judged = judge(format, String.join("\n", lines) + "\n");

      assertThat(judged.listeners()).as(format).hasSize(3);
      assertThat(judged.status()).as(format + judged.gaps()).isEqualTo(Exit.INCOMPLETE);
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aNumberThatIsLeftOut_isAGap(String format) throws IOException {
    List<String> lines = CaptureSamples.of(format).lines().toList();
    for (String form : List.of("%6d\t%s\n", "%d:%s\n", "[%d]%s\n")) {
      String whole = numbered(lines, form, -1);
      String holed = numbered(lines, form, lines.size() - 2);

      assertThat(judge(format, whole).listeners()).as(whole).hasSize(4);
      assertThat(judge(format, whole).status()).as(whole).isZero();
      JudgeRun judged = judge(format, holed);
      assertThat(judged.listeners()).as(holed).hasSize(3);
      assertThat(judged.gaps()).contains("listeners: line " + (lines.size() - 1) + " is missing");
      assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    }
  }

  private static String numbered(List<String> lines, String form, int without) {
    return IntStream.range(0, lines.size())
        .filter(i -> i != without)
        .mapToObj(i -> form.formatted(i + 1, lines.get(i)))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aRowOfTcpThatIsLeftOut_isAGap(int row) throws IOException {
    String end =
        " 00000000:00000000 00:00000000 00000000     0        0 21620 1 0000000000000000\n";
    String tcp =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
            + " inode\n";
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add("   %d: 00000000:026%d 00000000:0000 0A".formatted(i, i) + end);
    }
    assertThat(judge("proc-net", tcp + String.join("", rows)).gaps())
        .noneMatch(gap -> gap.contains("is missing"));
    rows.remove(row);

    JudgeRun judged = judge("proc-net", tcp + String.join("", rows));

    assertThat(judged.listeners()).hasSize(3);
    assertThat(judged.gaps()).contains("listeners: row " + row + " of a table of TCP is missing");
  }

  @Test
  void theProgramsOfWindows_areNoOmissions() throws IOException {
    String capture =
        CaptureSamples.of("netstat-windows")
            .lines()
            .map(line -> line.contains("P  ") ? line + "\n  RpcSs\n [svchost.exe]\n" : line + "\n")
            .collect(Collectors.joining());

    assertThat(judge("netstat-windows", capture).status()).isZero();
    assertThat(
            judge("netstat-windows", capture.replaceFirst(" \\[svchost.exe]", " [...]")).status())
        .isEqualTo(Exit.INCOMPLETE);
  }

  @Test
  void portsThatNmapOnlyCounts_mayBeOpenOrFiltered() throws IOException {
    String scan =
        """
        <?xml version="1.0"?>
        <nmaprun scanner="nmap">
        <scaninfo type="syn" protocol="tcp" numservices="65535" services="1-65535"/>
        <scaninfo type="udp" protocol="udp" numservices="65535" services="1-65535"/>
        <host><status state="up"/><address addr="10.0.0.5" addrtype="ipv4"/>
        <ports><extraports state="STATE" count="131069"/>
        <port protocol="tcp" portid="22"><state state="open"/></port></ports></host>
        <runstats><finished exit="success"/></runstats>
        </nmaprun>
        """;

    assertThat(judge("nmap-xml", scan.replace("STATE", "closed")).status()).isZero();
    JudgeRun judged = judge("nmap-xml", scan.replace("STATE", "open|filtered"));
    assertThat(judged.gaps()).contains("listeners: some ports are open or filtered");
    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
  }

  @Test
  void theLogOfOsquery_isASnapshotOrADifference() throws IOException {
    String tcp = row("6", "0.0.0.0", "22");
    String rows = tcp + "," + row("17", "::1", "323");
    String snapshot = "{\"snapshot\":[" + rows + "],\"action\":\"snapshot\"}\n";
    String difference = "{\"name\":\"ports\",\"columns\":" + tcp + ",\"action\":\"added\"}\n";

    assertThat(judge("osquery", snapshot).listeners())
        .containsExactly("tcp 0.0.0.0 22 [7]", "udp ::1 323 [7]");
    assertThat(judge("osquery", snapshot.replace("::1", "127.0.0.1")).gaps())
        .contains(
            "listeners: it has no rows of IPv6: run osqueryi --json 'select * from listening_ports'");
    JudgeRun judged = judge("osquery", difference + difference.replace("added", "removed"));
    assertThat(judged.listeners()).containsExactly("tcp 0.0.0.0 22 [7]");
    assertThat(judged.gaps()).contains("listeners: its rows are differences: log a snapshot");
  }

  private static String row(String protocol, String address, String port) {
    return "{\"pid\":\"7\",\"port\":\"%s\",\"protocol\":\"%s\",\"address\":\"%s\"}"
        .formatted(port, protocol, address);
  }
}
