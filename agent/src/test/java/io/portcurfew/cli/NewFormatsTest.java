package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NewFormatsTest {

  private static final String FOLDER = "/io/portcurfew/observe/command/formats/";

  @TempDir Path folder;

  private static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(NewFormatsTest.class.getResource(FOLDER + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proc-net.txt|proc-net|tcp 127.0.0.1 611 [], tcp fe80::1 22 [], udp 127.0.0.1 323 []",
        "get-nettcpconnection.txt|get-nettcpconnection|tcp 0.0.0.0 6110 [10025],"
            + " tcp :: 6110 [10025], udp 127.0.0.1 323 [], udp ::1 323 []",
        "get-nettcpconnection.csv|get-nettcpconnection|tcp 0.0.0.0 6110 [10025],"
            + " tcp :: 6110 [10025], udp 127.0.0.1 323 [8714], udp ::1 323 [8714]",
        "osquery.json|osquery|tcp 0.0.0.0 6110 [10025], tcp :: 6110 [10025],"
            + " udp 127.0.0.1 323 [8714]",
        "sockstat-libxo.json|sockstat|tcp 0.0.0.0 6110 [10025], tcp :: 6110 [10025],"
            + " udp 127.0.0.1 323 [8714]",
        "sockstat-netbsd.txt|sockstat|tcp 0.0.0.0 6110 [10025], tcp :: 6110 [10025],"
            + " udp 127.0.0.1 323 [8714], udp ::1 323 [8714]",
        "nmap.xml|nmap-xml|tcp 192.0.2.7 611 [], tcp 192.0.2.7 6110 []"
      })
  void parsesAndRecognisesEveryFormat(String name, String format, String listeners)
      throws IOException {
    JudgeRun named = JudgeRun.of(folder, format, file(name));
    JudgeRun found = JudgeRun.of(folder, "auto", file(name));

    assertThat(String.join(", ", named.listeners())).isEqualTo(listeners);
    assertThat(named.status()).as(named.gaps().toString()).isZero();
    assertThat(found.listeners()).isEqualTo(named.listeners());
    assertThat(found.errors()).endsWith(name + " is read as " + format + System.lineSeparator());
  }

  @ParameterizedTest
  @MethodSource("io.portcurfew.cli.CaptureKindsTest#formats")
  void recognisesTheOlderFormats(String format) throws IOException {
    byte[] capture = CaptureSamples.of(format).getBytes(StandardCharsets.ISO_8859_1);

    JudgeRun found = JudgeRun.of(folder, "auto", capture);

    assertThat(found.status()).isZero();
    assertThat(found.errors()).endsWith(" is read as " + format + System.lineSeparator());
  }

  @Test
  void anUnknownFormatIsWrongUsage() throws IOException {
    JudgeRun judged = JudgeRun.of(folder, "auto", "hello\n".getBytes(StandardCharsets.US_ASCII));

    assertThat(judged.status()).isEqualTo(Exit.USAGE);
    assertThat(judged.errors()).contains("use --as FORMAT");
  }

  @ParameterizedTest
  @CsvSource({
    "proc-net.txt, proc-net",
    "get-nettcpconnection.txt, get-nettcpconnection",
    "get-nettcpconnection.csv, get-nettcpconnection",
    "osquery.json, osquery",
    "sockstat-libxo.json, sockstat",
    "sockstat-netbsd.txt, sockstat",
    "nmap.xml, nmap-xml"
  })
  void aTruncatedTextIsNeverCompliant(String name, String format) throws IOException {
    byte[] whole = Files.readAllBytes(file(name));
    String all = String.join(",", JudgeRun.of(folder, format, whole).listeners());
    for (int end = whole.length - 2; end > 0; end -= 41) {
      byte[] cut = Arrays.copyOf(whole, end);
      JudgeRun judged = JudgeRun.of(folder, format, cut);

      assertThat(judged.status()).as(name + " cut at " + end).isEqualTo(Exit.INCOMPLETE);
      for (String listener : judged.listeners()) {
        assertThat(all).as(name + " cut at " + end).contains(listener.replace("[]", ""));
      }
    }
  }

  @Test
  void resolvesNoXmlEntity() throws IOException {
    JudgeRun judged = JudgeRun.of(folder, "nmap-xml", file("nmap-entity.xml"));

    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.listeners()).containsExactly("tcp 192.0.2.7 6110 []");
  }

  @Test
  void aPartialScanIsNotComplete() throws IOException {
    String scan = Files.readString(file("nmap.xml"));
    String some = scan.replaceFirst("services=\"1-65535\"", "services=\"22,80\"");
    String tcp = scan.replaceFirst("<scaninfo type=\"udp\".*", "");

    assertThat(judge(some).gaps())
        .contains("listeners: not every port of tcp was scanned: run nmap with -sS -p-");
    assertThat(judge(some).status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judge(tcp).gaps())
        .contains("listeners: no port of udp was scanned: run nmap with -sU -p-");
  }

  private JudgeRun judge(String scan) throws IOException {
    return JudgeRun.of(folder, "nmap-xml", scan.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPortMissingOnTheHostIsHidden() throws IOException {
    Path inside = folder.resolve("inside.txt");
    Files.writeString(inside, CaptureSamples.of("ss"), StandardCharsets.ISO_8859_1);

    JudgeRun judged =
        JudgeRun.of(folder, "nmap-xml", file("nmap.xml"), "--against", inside.toString());

    assertThat(judged.status()).isEqualTo(Exit.FINDINGS);
    assertThat(judged.hosts().get(0).get("findings").toString())
        .contains("hidden")
        .contains("port=611")
        .doesNotContain("port=6110");
  }

  @Test
  void anIncompleteHostHidesNothing() throws IOException {
    Path inside = folder.resolve("inside.txt");
    Files.writeString(inside, CaptureSamples.of("ss").stripTrailing(), StandardCharsets.ISO_8859_1);

    JudgeRun judged =
        JudgeRun.of(folder, "nmap-xml", file("nmap.xml"), "--against", inside.toString());

    assertThat(judged.status()).isEqualTo(Exit.INCOMPLETE);
    assertThat(judged.gaps()).anyMatch(gap -> gap.contains("192.0.2.7:611"));
  }
}
