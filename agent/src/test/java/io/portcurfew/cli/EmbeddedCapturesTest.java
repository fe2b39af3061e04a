package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures inside the documents of other programs: YAML, CSV, Markdown, logs in JSON. */
class EmbeddedCapturesTest {

  @TempDir Path folder;

  static Stream<String> formats() {
    return CaptureSamples.FORMATS.stream();
  }

  private JudgeRun judge(String format, String capture) throws IOException {
    return JudgeRun.of(folder, format, capture.getBytes(StandardCharsets.UTF_8));
  }

  private static String onLines(String capture, String before) {
    return capture.lines().map(line -> before + line + "\n").collect(Collectors.joining());
  }

  private static String cell(String capture) {
    return "\"" + capture.replace("\"", "\"\"") + "\"";
  }

  private static String item(String line) {
    return "'" + line.replace("'", "''") + "'";
  }

  /** As PyYAML prints a string with line ends in single quotes. */
  private static String single(String capture) {
    return "'"
        + capture.stripTrailing().replace("'", "''").replaceAll(" *\n", "\n\n    ")
        + "\n\n    '";
  }

  private static String literal(String capture) {
    return "|\n" + onLines(capture, "    ");
  }

  private static String doubleQuoted(String capture) {
    return "\"" + capture.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static Map<String, String> documents(String capture) {
    Map<String, String> documents = new LinkedHashMap<>();
    documents.put("yaml block", "---\nhost: web-1\noutput: " + literal(capture));
    documents.put("yaml of hosts", "web-1: " + literal(capture));
    documents.put("yaml in single quotes", "web-1: " + single(capture) + "\n");
    documents.put("yaml in double quotes", "web-1: " + doubleQuoted(capture) + "\n");
    documents.put("yaml list", "- host: web-1\n  stdout_lines:\n" + items(capture, "  "));
    documents.put(
        "playbook with lines",
        "TASK [debug] *****\nok: [web-1] => \n  ports.stdout_lines:\n"
            + items(capture, "  ")
            + "\nPLAY RECAP ****\nweb-1    : ok=2    changed=1    unreachable=0    failed=0\n");
    documents.put(
        "playbook with a message",
        "ok: [web-1] => \n  msg: |-\n" + onLines(capture, "    ") + "\n");
    documents.put("csv", "host,output\nweb-1," + cell(capture) + "\n");
    documents.put("csv with semicolons", "host;output\r\nweb-1;" + cell(capture) + "\r\n");
    documents.put("journal", onLinesOf(capture, "{\"_HOSTNAME\":\"web-1\",\"MESSAGE\":", "}"));
    documents.put("parallel --tag", onLines(capture, "web-1\t"));
    return documents;
  }

  private static String items(String capture, String indent) {
    return capture
        .lines()
        .map(line -> indent + "- " + item(line) + "\n")
        .collect(Collectors.joining());
  }

  private static String onLinesOf(String capture, String before, String behind) {
    return capture
        .lines()
        .map(line -> before + doubleQuoted(line) + behind + "\n")
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyDocumentIsReadWithItsHost(String format) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> one : documents(CaptureSamples.of(format)).entrySet()) {
      JudgeRun judged = judge(format, one.getValue());
      boolean named = judged.hosts().stream().allMatch(host -> "web-1".equals(host.get("host")));
      // The fields of lsof and the tags of their lines cannot be distinguished.
      boolean unclear = format.equals("lsof-fields") && one.getKey().startsWith("parallel");
      if (!unclear && (judged.status() != 0 || judged.listeners().size() != 4 || !named)) {
        wrong.add(
            one.getKey()
                + ": "
                + judged.status()
                + judged.listeners()
                + judged.gaps()
                + judged.hosts().size());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aTruncatedDocumentIsNotCompliant(String format) throws IOException {
    String whole = CaptureSamples.of(format);
    String ports = String.join(" ", judge(format, whole).listeners());
    for (Map.Entry<String, String> one : documents(whole).entrySet()) {
      String text = one.getValue();
      for (int end = text.length() - 9; end > text.length() / 2; end -= text.length() / 5) {
        JudgeRun judged = judge(format, text.substring(0, end));
        String shown = one.getKey() + ": " + text.substring(0, end);
        assertThat(judged.listeners())
            .as(shown)
            .allMatch(listener -> ports.contains(listener.substring(0, listener.indexOf(" ["))));
        if (judged.status() == 0) {
          assertThat(judged.listeners()).as(shown).hasSize(4);
        }
      }
    }
  }

  /** The rows of a spreadsheet or of Markdown have a column of the tool in each cell. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "ss Netid,State,Recv-Q,Send-Q,Local_Address:Port,Peer_Address:Port,Process/"
            + "tcp,LISTEN,0,128,0.0.0.0:22,0.0.0.0:*,users:((\"sshd\"^pid=1002^fd=3))/"
            + "udp,UNCONN,0,0,[::1]:323,[::]:*,users:((\"chronyd\"^pid=871^fd=6))",
        "netstat-linux Active_Internet_connections_(only_servers),,,,,,/"
            + "Proto,Recv-Q,Send-Q,Local_Address,Foreign_Address,State,PID/Program_name/"
            + "tcp,0,0,0.0.0.0:22,0.0.0.0:*,LISTEN,1002\\sshd/"
            + "udp6,0,0,::1:323,:::*,,871\\chronyd",
        "netstat-windows Proto,Local_Address,Foreign_Address,State,PID/"
            + "TCP,0.0.0.0:22,0.0.0.0:0,LISTENING,1002/"
            + "UDP,[::1]:323,*:*,,871",
        "sockstat USER,COMMAND,PID,FD,PROTO,LOCAL_ADDRESS,FOREIGN_ADDRESS/"
            + "root,sshd,1002,3,tcp4,*:22,*:*/"
            + "_chrony,chronyd,871,6,udp6,::1:323,*:*"
      })
  void aCellForEachColumnIsRead(String format, String table) throws IOException {
    List<List<String>> rows =
        Arrays.stream(table.split("/(?!Program)", -1))
            .map(row -> row.replace('_', ' ').replace('\\', '/'))
            .map(row -> Arrays.stream(row.split(",", -1)).map(c -> c.replace('^', ',')).toList())
            .toList();
    String semicolons = lines(rows, "", ";", "", EmbeddedCapturesTest::quotedCell);
    String commas = lines(rows, "", ",", "", EmbeddedCapturesTest::quotedCell);
    String markdown = lines(rows, "| ", " | ", " |", cell -> cell.replace("*", "\\*"));
    String ruled =
        markdown.replaceFirst("(?<=me \\|\n|PID \\|\n|SS \\|\n|ess \\|\n)", "|---|:--|\n");
    for (String text : List.of(semicolons, commas, semicolons.replace("\n", "\r\n"), ruled)) {
      JudgeRun judged = judge(format, text);
      assertThat(judged.listeners().toString())
          .as(text + judged.gaps())
          .contains(" 22 [1002]", "::1 323 [871]");
      assertThat(judged.gaps()).as(text).noneMatch(gap -> gap.startsWith("row: "));
    }
  }

  private static String quotedCell(String text) {
    return text.contains("\"") ? cell(text) : text;
  }

  private static String lines(
      List<List<String>> rows,
      String before,
      String between,
      String behind,
      UnaryOperator<String> cell) {
    return rows.stream()
        .map(
            row ->
                before
                    + row.stream().map(cell).collect(Collectors.joining(between))
                    + behind
                    + "\n")
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aRowBesideTheOutputsIsAGap(String format) throws IOException {
    String capture = CaptureSamples.of(format);
    String row = "tcp   LISTEN 0      5            0.0.0.0:611        0.0.0.0:*";
    List<String> files =
        List.of(
            "{\"results\":[{\"host\":\"web-1\",\"stdout\":"
                + doubleQuoted(capture)
                + "},{\"host\":\"web-2\",\"output\":\""
                + row
                + "\"}]}",
            "web-1: " + literal(capture) + "web-2: " + row + "\n",
            "host,output\nweb-1," + cell(capture) + "\nweb-2," + row + "\n",
            "ok: [web-1] => \n  stdout: " + literal(capture) + "ok: [web-2] => \n  " + row + "\n");
    for (String text : files) {
      assertThat(judge(format, text).status()).as(text).isEqualTo(Exit.INCOMPLETE);
    }
  }

  /** The line end between a message and a row is lost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Last login: Thu Nov 26 10:00:00 2026 from 10.0.0.1",
        "sudo: unable to resolve host web-1: Name or service not known",
        "bash: warning: setlocale: LC_ALL: cannot change locale (de_DE)",
        "Script started on 2026-11-26 10:00:00",
        "bob@web-1:~$ ",
        "bob@web-1:~$ ssh web-1 ",
        "[1] 10:00:00 [SUCCESS] web-1 ",
        "web-1 | CHANGED: ",
        "web-1 : ok=2 changed=1 ",
        "(Not all processes could be identified, non-owned process info",
        "Every 2.0s: ss -tulpn",
        "Failed to find cgroup2 mount",
        "lsof: no pwd entry for UID 1001"
      })
  void aRowGluedToAMessageIsAGap(String message) throws IOException {
    for (String format : formats().filter(one -> !one.equals("lsof-fields")).toList()) {
      String capture = CaptureSamples.of(format);
      JudgeRun whole = judge(format, capture);
      String glued = capture.replaceFirst("(?m)^(?=.*6110)", message.replace("$", "\\$"));
      JudgeRun judged = judge(format, glued);
      if (judged.status() == 0) {
        assertThat(judged.listeners()).as(glued).isEqualTo(whole.listeners());
      }
    }
  }

  @Test
  void linesOfASessionAreIgnored() throws IOException {
    for (String format : formats().toList()) {
      String capture = CaptureSamples.of(format);
      List<String> sessions =
          List.of(
              "\u001b[H\u001b[2J\u001b[3J" + capture,
              onLines(capture, "1732615200.123456 "),
              onLines(capture, "[  123.456789] "),
              onLines(capture, "Thu 2026-11-26 10:00:00 UTC web-1 check[55]: "),
              "** WARNING: connection is not using a post-quantum key exchange algorithm.\n"
                  + capture,
              "Sorry, try again.\n" + capture + "lines 1-6/6 (END)\n",
              capture.replaceFirst("\n", "\n--Mehr--\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b"));
      for (String text : sessions) {
        // A field of lsof is a letter and any text.
        if (!format.equals("lsof-fields") || text.matches("(?s)[\u001b\\[0-9T].*")) {
          JudgeRun judged = judge(format, text);
          assertThat(judged.listeners()).as(text).hasSize(4);
          assertThat(judged.status()).as(text + judged.gaps()).isZero();
        }
      }
    }
  }
}
