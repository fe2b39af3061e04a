package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One test for each common kind of capture, in every format that it concerns. */
class CaptureKindsTest {

  @TempDir Path folder;

  static Stream<String> formats() {
    return CaptureSamples.FORMATS.stream();
  }

  static Stream<String> formatsWithHeaders() {
    return formats().filter(format -> !format.equals("lsof-fields"));
  }

  private JudgeRun judge(String format, String capture) throws IOException {
    return JudgeRun.of(folder, format, capture.getBytes(StandardCharsets.UTF_8));
  }

  private static String onLines(String capture, String before, String behind) {
    return capture.lines().map(line -> before + line + behind + "\n").collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("formatsWithHeaders")
  void headerJoinedWithARow_isAGap(String format) throws IOException {
    String glued = CaptureSamples.of(format).replaceFirst("(?m)^(.*(?:USER|Local).*)\n", "$1 ");

    JudgeRun judged = judge(format, glued);

    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.gaps()).anyMatch(gap -> gap.startsWith("row: "));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void oneLineIsNotATable(String format) throws IOException {
    JudgeRun judged =
        judge(format, CaptureSamples.of(format).strip().replaceAll("\\s+", " ") + "\n");

    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.listeners()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("formatsWithHeaders")
  void rowsWithoutTheirHeaderMayBeFiltered(String format) throws IOException {
    String rows =
        CaptureSamples.of(format)
            .lines()
            .filter(line -> line.contains("6110") || line.contains("323"))
            .map(line -> line + "\n")
            .collect(Collectors.joining());

    JudgeRun judged = judge(format, rows);

    assertThat(judged.listeners()).hasSize(4);
    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.gaps()).anyMatch(gap -> gap.startsWith("listeners: it has no header"));
  }

  @ParameterizedTest
  @MethodSource("formatsWithHeaders")
  void missingUdpNamesTheCommandToRun(String format) throws IOException {
    String tcp =
        CaptureSamples.of(format)
            .lines()
            .filter(line -> !line.contains("323"))
            .map(line -> line + "\n")
            .collect(Collectors.joining());

    JudgeRun judged = judge(format, tcp);

    assertThat(judged.listeners()).hasSize(2);
    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.gaps()).anyMatch(gap -> gap.contains("it has no rows of UDP: run "));
  }

  @ParameterizedTest
  @MethodSource("formatsWithHeaders")
  void aMissingFamilyNamesTheCommandToRun(String format) throws IOException {
    String ipv4 =
        CaptureSamples.of(format)
            .lines()
            .filter(line -> !line.contains("::") && !line.matches(".*(?:IPv6|(?:tcp|udp)6).*"))
            .map(line -> line + "\n")
            .collect(Collectors.joining());

    JudgeRun judged = judge(format, ipv4);

    assertThat(judged.listeners()).hasSize(2);
    // With -4 the output of ss does not show the requested family.
    assertThat(judged.status()).isEqualTo(format.equals("ss") ? Exit.COMPLIANT : Exit.INCOMPLETE);
  }

  @ParameterizedTest
  @CsvSource({"UTF-16LE, false", "UTF-16LE, true", "UTF-16BE, false", "UTF-16BE, true"})
  void parsesEveryFormatInUtf16(String charset, boolean marked) throws Exception {
    for (String format : formats().toList()) {
      String text = (marked ? "\ufeff" : "") + CaptureSamples.of(format);

      JudgeRun judged = JudgeRun.of(folder, format, text.getBytes(charset));

      assertThat(judged.listeners()).as(format).hasSize(4);
      assertThat(judged.status()).as(format).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void ignoresQuotesColoursAndLineEnds(String format) throws IOException {
    String capture = CaptureSamples.of(format);
    List<String> dressed =
        List.of(
            onLines(capture, "> ", ""),
            onLines(capture, "    ", ""),
            onLines(capture, "", "\r"),
            capture.replace('\n', '\r'),
            capture.replace("  ", "\u00a0 "),
            "```\n" + capture + "```\n",
            capture.replace("6110", "\u001b[01;31m\u001b[K6110\u001b[m\u001b[K"));
    for (String text : dressed) {
      assertThat(judge(format, text).listeners()).as(text).hasSize(4);
      assertThat(judge(format, text).status()).as(text).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void lastLineWithoutLineEnd_isAGap(String format) throws IOException {
    JudgeRun judged = judge(format, CaptureSamples.of(format).stripTrailing());

    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.gaps()).anyMatch(gap -> gap.contains("may be truncated"));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void otherLinesAreGaps(String format) throws IOException {
    String capture = CaptureSamples.of(format);
    List<String> others =
        List.of(
            "bash: /root/.bashrc: Permission denied\n" + capture,
            capture + "/dev/sda1       41152736 9243412  29794488  24% /\n",
            onLines(capture, "Nov 26 10:00:00 web-1 check[55]: ", "") + "something else\n",
            onLines(capture, "     7\t", ""));
    for (String text : others) {
      JudgeRun judged = judge(format, text);
      assertThat(judged.status()).as(text).isEqualTo(Exit.INCOMPLETE);
      assertThat(String.join(" ", judged.listeners())).doesNotContain("[7]", "[26]", "[55]");
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void linesOfASessionAndPrefixesAreIgnored(String format) throws IOException {
    String capture = CaptureSamples.of(format);
    AtomicInteger number = new AtomicInteger();
    String numbered =
        capture
            .lines()
            .map(line -> "%6d\t%s\n".formatted(number.incrementAndGet(), line))
            .collect(Collectors.joining());
    List<String> sessions =
        List.of(
            "[sudo] password for bob: \n" + capture,
            "Script started on 2026-11-26 10:00:00+00:00\n" + capture + "Script done on 2026\n",
            onLines(capture, "Nov 26 10:00:00 web-1 check[55]: ", ""),
            onLines(capture, "2026-11-26T10:00:00.123456789Z ", ""),
            onLines(capture, "capture.txt:", ""),
            numbered);
    for (String text : sessions) {
      JudgeRun judged = judge(format, text);
      assertThat(judged.listeners()).as(text).hasSize(4);
      assertThat(judged.status()).as(text + judged.gaps()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyHostOfAFileHasAVerdict(String format) throws IOException {
    String capture = CaptureSamples.of(format);
    String one = capture.strip().replace("\n", "\\n");
    List<String> files =
        List.of(
            "== web-1 ==\n" + capture + "== web-2 ==\n" + capture,
            "web-1 | CHANGED | rc=0 >>\n" + capture + "web-2 | SUCCESS | rc=0 >>\n" + capture,
            "web-1 | CHANGED | rc=0 | (stdout) "
                + one
                + "\nweb-2 | CHANGED | rc=0 | (stdout) "
                + one
                + "\n",
            onLines(capture, "web-1: ", "") + onLines(capture, "web-2: ", ""),
            play(Map.of("stdout", capture, "rc", 0)));
    for (String text : files) {
      JudgeRun judged = judge(format, text);
      assertThat(judged.hosts().stream().map(host -> String.valueOf(host.get("host"))))
          .as(text)
          .containsExactly("web-1", "web-2");
      assertThat(judged.listeners()).as(text).hasSize(8);
      assertThat(judged.status()).as(text + judged.gaps()).isZero();
    }
  }

  private static String play(Map<String, Object> second) {
    Map<String, Object> hosts = new TreeMap<>();
    hosts.put("web-1", Map.of("stdout", second.getOrDefault("stdout", ""), "rc", 0));
    hosts.put("web-2", second);
    return Json.pretty(Map.of("plays", List.of(Map.of("tasks", List.of(Map.of("hosts", hosts))))));
  }

  @Test
  void anUnreachableHostIsNotCompliant() throws IOException {
    String first = "web-1 | CHANGED | rc=0 >>\n" + CaptureSamples.of("ss");
    List<String> files =
        List.of(
            first
                + "web-2 | UNREACHABLE! => {\n    \"msg\": \"x\",\n    \"unreachable\": true\n}\n",
            first + "web-2 | FAILED | rc=127 >>\nnot found\n",
            play(Map.of("unreachable", true, "msg", "x")));
    for (String text : files) {
      JudgeRun judged = judge("ss", text);
      assertThat(judged.hosts()).as(text).hasSize(2);
      assertThat(judged.status()).as(text).isEqualTo(Exit.INCOMPLETE);
      assertThat(judged.hosts().get(1).get("compliant")).as(text).isEqualTo(false);
    }
  }
}
