package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.ViewLines.gaps;
import static io.portcurfew.observe.command.ViewLines.listeners;
import static io.portcurfew.observe.command.ViewLines.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.View;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetstatWindowsTest {

  private final Parser parser = new NetstatWindows();

  static Stream<Arguments> captures() {
    return Stream.of(
        Arguments.of(
            "ano",
            List.of(
                "tcp 0.0.0.0:135 1704",
                "tcp 0.0.0.0:445 4",
                "tcp [::]:135 v6only 1704",
                "tcp [fd00:1234:5678::1]:8080 900",
                "udp 0.0.0.0:53 4801 4809",
                "udp [fe80::1234:5678:9abc:def0%9]:1900 8855",
                "udp [::1]:61100 8855")),
        Arguments.of(
            "german-oem",
            List.of("tcp 0.0.0.0:135 1704", "tcp [::]:611 v6only 77", "udp 0.0.0.0:5050 6060")),
        Arguments.of("italian", List.of("tcp 0.0.0.0:611 1704")),
        Arguments.of("chinese", List.of("tcp 0.0.0.0:611 1704")),
        Arguments.of(
            "anob",
            List.of(
                "tcp 0.0.0.0:135 1704(svchost.exe)",
                "tcp 0.0.0.0:445 4",
                "tcp 0.0.0.0:611 7301(NVIDIA Web Helper.exe)",
                "udp 0.0.0.0:500 3100(svchost.exe)")),
        Arguments.of("q-and-t", List.of("tcp 0.0.0.0:611 1704", "tcp 0.0.0.0:612 1715")),
        Arguments.of("powershell-utf16", List.of("tcp 0.0.0.0:611 1704")));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void parsesEveryLanguageAndEncoding(String capture, List<String> expected) {
    View view = read(parser, "netstat-windows/" + capture + ".txt");
    assertThat(listeners(view)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(gaps(view)).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  @Test
  void outputWithoutListenersIsNotComplete() {
    View view =
        read(
            parser,
            List.of(
                "",
                "Active Connections",
                "",
                "  Proto  Local Address          Foreign Address        State",
                "  TCP    10.0.0.4:50000         10.0.0.9:611           ESTABLISHED"));
    assertThat(gaps(view)).containsExactly("LISTENERS: no socket in it listens: run it with -a");
    assertThat(view.complete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "TCP 0.0.0.0:611",
    "TCP 0.0.0.0:611 0.0.0.0 LISTENING 7",
    "TCP 0.0.0.0:epmap 0.0.0.0:0 LISTENING 7",
    "TCP pc-7:135 pc-7:0 LISTENING 7",
    "TCP 0.0.0.0:65536 0.0.0.0:0 LISTENING 7",
    "XTCP 0.0.0.0:611 0.0.0.0:0 LISTENING 7"
  })
  void aDamagedRowIsAGap(String row) {
    View view = read(parser, List.of("  TCP 0.0.0.0:135 0.0.0.0:0 LISTENING 1", "  " + row));
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:135 1");
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: ").contains(row);
  }

  @Test
  void linesOfBBelongToTheirOwnRow() {
    View view =
        read(
            parser,
            List.of(
                "  TCP    0.0.0.0:611            0.0.0.0:0              LISTENING       7",
                "  TCP    10.0.0.4:50000         10.0.0.9:443           ESTABLISHED     8",
                " [chrome.exe]"));
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:611 7");
  }

  @Test
  void anErrorTextIsNotComplete() {
    View view = read(parser, List.of("The requested operation requires elevation."));
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).isNotEmpty();
  }
}
