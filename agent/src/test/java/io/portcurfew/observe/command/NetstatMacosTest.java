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
import org.junit.jupiter.params.provider.ValueSource;

class NetstatMacosTest {

  private static final String TITLE = "Active Internet connections (including servers)";
  private static final String HEADER =
      "Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)";

  private final Parser parser = new NetstatMacos();

  @Test
  void parsesOnlyListenersOfAllSections() {
    View view = read(parser, "netstat-macos/an.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp 127.0.0.1:6110",
            "tcp 0.0.0.0:611",
            "tcp [::]:612 v6only",
            "tcp [::]:613 dual",
            "tcp [::1]:611",
            "tcp [fe80::1c2d:3eff:...]:49160",
            "tcp [fe80::a1b2:7ff:c...]:62511",
            "tcp [fe80::1%lo0]:615",
            "tcp [fe80::2]:616",
            "udp 0.0.0.0:5353",
            "udp [::]:5353 v6only",
            "udp [::]:546 dual",
            "udp 10.0.0.5:619");
    assertThat(gaps(view)).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> columnsOfEveryMacos() {
    return Stream.of(
        Arguments.of("v-10.13", List.of("tcp 127.0.0.1:611 333", "udp 0.0.0.0:611 334")),
        Arguments.of("v-10.14", List.of("tcp [::]:3289 dual 529", "udp [::]:30999 dual 706")),
        Arguments.of("v-13", List.of("tcp [::]:2222 v6only 40961", "udp 0.0.0.0:137 402")),
        Arguments.of("v-15", List.of("tcp [::]:18444 dual 771", "udp 0.0.0.0:611 779")),
        Arguments.of(
            "v-26",
            List.of(
                "tcp 0.0.0.0:60001 27001(Python)",
                "tcp [fe80::a1b2:7ff:c...]:62511 369(remoted)",
                "tcp 192.168.7.12:8080 771(Google Chrome H)",
                "tcp 127.0.0.1:6110 84001(Other Helper (Ab)",
                "tcp 127.0.0.1:6111 4711(a:1 00000 b: c)",
                "tcp 127.0.0.1:6112 4712(12 34)",
                "tcp 127.0.0.1:6113",
                "udp [::]:5353 dual 404(mDNSResponder)")),
        Arguments.of("vv-26", List.of("tcp 0.0.0.0:611 27001(Python)", "tcp 0.0.0.0:612")));
  }

  @ParameterizedTest
  @MethodSource("columnsOfEveryMacos")
  void theHeaderGivesTheColumnOfThePid(String capture, List<String> expected) {
    View view = read(parser, "netstat-macos/" + capture + ".txt");
    assertThat(listeners(view)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(view.complete()).isTrue();
  }

  @Test
  void portsTruncatedByAAreGaps() {
    View view = read(parser, "netstat-macos/with-A.txt");
    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view))
        .hasSize(2)
        .allSatisfy(
            gap ->
                assertThat(gap)
                    .startsWith(
                        "ROW: printed with -A, which truncates ports: run it without -A: "));
    assertThat(view.complete()).isFalse();
  }

  @Test
  void namesAreGapsOnlyOnListeners() {
    View view = read(parser, "netstat-macos/by-name.txt");
    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view))
        .satisfiesExactly(
            ssh -> assertThat(ssh).startsWith("ROW: a port by name: run it with -n: tcp4 "),
            host -> assertThat(host).startsWith("ROW: no numeric address: run it with -n"));
  }

  @Test
  void aTextWithoutServersShowsNoListeners() {
    View view = read(parser, List.of("Active Internet connections", HEADER));
    assertThat(gaps(view)).containsExactly("LISTENERS: taken without -a: it shows no listeners");
  }

  @ParameterizedTest
  @CsvSource({
    "tcp4 0 0 *.611",
    "tcp4 0 0 *.611 *.*",
    "tcp4 0 0 *611 *.* LISTEN",
    "tcp4 0 0 *.61x *.* LISTEN",
    "tcp4 0 0 *.65536 *.* LISTEN",
    "tcp4 0 0 10.0.0.611 *.* LISTEN",
    "tcp4 0 0 ::1.611 *.* LISTEN",
    "tcp6 0 0 fe80::zz.611 *.* LISTEN",
    "tcp4 0 0 *.611 x LISTEN",
    "tcp6 0 0 :::22 :::* LISTEN",
    "tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN"
  })
  void aDamagedOrForeignRowIsAGap(String row) {
    View view = read(parser, List.of(TITLE, HEADER, row));
    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: ").contains(row);
  }

  @Test
  void withoutAHeaderNoPidIsGuessed() {
    View view =
        read(parser, List.of("tcp4 0 0 *.611 *.* LISTEN 131072 131072 529 0 0x0000 0x00000202"));
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:611");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zsh: command not found: netstat", "netstat: sysctl: Not permitted"})
  void outputWithoutAHeaderIsNotComplete(String text) {
    View view = read(parser, List.of(text));
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).isNotEmpty();
  }
}
