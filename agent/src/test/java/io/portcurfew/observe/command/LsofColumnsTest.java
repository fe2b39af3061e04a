package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static io.portcurfew.observe.command.Captures.listeners;
import static io.portcurfew.observe.command.Captures.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcurfew.observe.View;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LsofColumnsTest {

  private static final String HEADER =
      "COMMAND     PID   USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n";

  private static View parse(String rows) {
    return Captures.parse(Format.LSOF, rows);
  }

  @Test
  void parsesACaptureOfLinux() {
    View view = Format.LSOF.parse("lsof", read(Format.LSOF, "linux.txt"));

    assertThat(listeners(view))
        .containsExactly(
            "tcp 0.0.0.0:22 by 811 (sshd) root",
            "tcp [::]:22 by 811 (sshd) root",
            "tcp 127.0.0.53:53 by 402 (systemd-r) resolve",
            "udp 127.0.0.53:53 by 402 (systemd-r) resolve",
            "tcp [fe80::21]:611 by 1211 (li\\x0ane) nobody",
            "udp [::1]:611 by 1210 (q\"o,t;e) root",
            "tcp 127.0.0.1:6110 by 1204 (two bl) root, 1205 (two bl) root");
    assertThat(gaps(view))
        .containsExactly(
            "protocol: rows of UDPLITE sockets are not read",
            "protocol: it shows no endpoint for some sockets: they are not bound, do not"
                + " listen, or are in another network namespace");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void parsesACaptureOfMacos() {
    View view = Format.LSOF.parse("lsof", read(Format.LSOF, "macos.txt"));

    assertThat(listeners(view))
        .containsExactly(
            "udp 0.0.0.0:5353 by 288 (mDNSRespo) _mdnsr",
            "udp [::]:5353 by 288 (mDNSRespo) _mdnsr",
            "tcp 0.0.0.0:5900 by 1 (launchd) root",
            "tcp [::]:5900 by 1 (launchd) root",
            "tcp 127.0.0.1:41237 by 1777 (Code H) dora",
            "tcp [fe80::1c2d:3eff:fe44:5566]:49201 by 90 (remotepai) root");
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  @Test
  void aThreadNamedLikeATypeHidesNothing() {
    View view = Format.LSOF.parse("lsof", read(Format.LSOF, "threads.txt"));

    assertThat(listeners(view)).containsExactly("tcp [::]:8611 by 3120 (java) kay");
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> rowsOfListeners() {
    return Stream.of(
        arguments(
            "port 6110 is itself",
            "d 7 u 3u IPv4 9 0t0 TCP *:6110 (LISTEN)",
            "tcp 0.0.0.0:6110 by 7 (d) u"),
        arguments(
            "port 25346 is itself",
            "d 7 u 3u IPv4 9 0t0 TCP *:25346 (LISTEN)",
            "tcp 0.0.0.0:25346 by 7 (d) u"),
        arguments(
            "port 61100 is itself",
            "d 7 u 3u IPv4 9 0t0 UDP *:61100 ",
            "udp 0.0.0.0:61100 by 7 (d) u"),
        arguments(
            "queues stand with the state",
            "d 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN QR=1 QS=0)",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "no state because of -T",
            "d 7 u 3u IPv4 9 0t0 TCP *:611",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "udp with a state of 4.99",
            "d 7 u 3u IPv4 9 0t0 UDP *:611 (Idle)",
            "udp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "the IPv6 wildcard may or may not take IPv4",
            "d 7 u 3u IPv6 9 0t0 TCP *:611 (LISTEN)",
            "tcp [::]:611 by 7 (d) u"),
        arguments(
            "an IPv4 address in an IPv6 socket",
            "d 7 u 3u IPv6 9 0t0 TCP 127.0.0.1:611 (LISTEN)",
            "tcp 127.0.0.1:611 by 7 (d) u"),
        arguments(
            "a mapped wildcard",
            "d 7 u 3u IPv6 9 0t0 TCP [::ffff:0.0.0.0]:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "the scope inside of macOS",
            "d 7 u 3u IPv6 9 0t0 UDP [fe80:5::1]:611",
            "udp [fe80::1]:611 by 7 (d) u"),
        arguments(
            "a descriptor above 9999",
            "d 7 u *999u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "a descriptor with a lock",
            "d 7 u 3uW IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "DEVICE is empty",
            "d 7 u 3u IPv4 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (d) u"),
        arguments(
            "a user by number",
            "d 7 501 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (d)/501"),
        arguments(
            "an empty command",
            "   7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 u"),
        arguments(
            "a command that is a number",
            "12 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (12) u"),
        arguments(
            "an indented row whose pid is in doubt",
            "  12 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611"),
        arguments(
            "a command not known",
            "(unknown) 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 u"),
        arguments(
            "a command like a header",
            "COMMAND 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (COMMAND) u"),
        arguments(
            "a command like a message",
            "lsof: 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (lsof:) u"),
        arguments(
            "a command like a type",
            "REG 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)",
            "tcp 0.0.0.0:611 by 7 (REG) u"),
        arguments(
            "CRLF", "d 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)\r", "tcp 0.0.0.0:611 by 7 (d) u"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsOfListeners")
  void parsesAListener(String quirk, String row, String listener) {
    View view = parse(HEADER + row + "\n");

    assertThat(listeners(view)).containsExactly(listener);
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> rowsOfOtherColumns() {
    return Stream.of(
        arguments("FD TYPE FILE-FLAG DEVICE SIZE/OFF NODE", "7 u 3u IPv4 RW,CX 9 0t0"),
        arguments("PGID PPID USER FD TYPE DEVICE SIZE/OFF NODE", "7 4 1 u 3u IPv4 9 0t0"),
        arguments("TID TASKCMD USER FD TYPE DEVICE SIZE/OFF NODE", "7 8 unix u 3u IPv4 9 0t0"));
  }

  @ParameterizedTest
  @MethodSource("rowsOfOtherColumns")
  void moreColumnsThanTheHeaderAreAGap(String columns, String row) {
    String user = columns.contains("USER") ? "" : "USER ";
    String header = "COMMAND PID " + user + columns + " NAME\n";
    String socket = "d " + row + " TCP *:611 (LISTEN)\n";

    assertThat(listeners(parse(header + socket))).containsExactly("tcp 0.0.0.0:611 by 7 (d) u");
    assertThat(parse(header + socket).complete()).isTrue();
    assertThat(listeners(parse(HEADER + socket))).isEmpty();
    assertThat(parse(HEADER + socket).complete()).isFalse();
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        arguments("a\\x20b", "a b"),
        arguments("a\\\\x20b", "a\\\\x20b"),
        arguments("a\\nb\\tc", "a\\x0ab\\x09c"),
        arguments("\\b\\f\\r", "\\x08\\x0c\\x0d"),
        arguments("^[[2Jx", "\\x1b[2Jx"),
        arguments("\\xc3\\xa9", "é"),
        arguments("\\xff\\xfe", "\\xff\\xfe"),
        arguments("é", "\\xe9"),
        arguments("\\xZZ", "\\\\xZZ"),
        arguments("a\\", "a\\\\"),
        arguments("a\\x4", "a\\\\x4"),
        arguments("a^", "a^"),
        arguments("\\xe2\\x80\\xaex", "\\xe2\\x80\\xaex"),
        arguments("\",pid=1,fd=3),(", "\",pid=1,fd=3),("),
        arguments("sshd)", "sshd)"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void decodesEscapesOnce(String printed, String shown) {
    View view = parse(HEADER + printed + " 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)\n");

    assertThat(listeners(view)).containsExactly("tcp 0.0.0.0:611 by 7 (" + shown + ") u");
  }

  static Stream<Arguments> rowsOfNothing() {
    return Stream.of(
        arguments(
            "a client of some port 611",
            "d 7 u 3u IPv4 9 0t0 TCP 192.0.2.1:40000->192.0.2.2:611 (ESTABLISHED)"),
        arguments(
            "a connection from port 611",
            "d 7 u 3u IPv4 9 0t0 TCP 192.0.2.1:611->192.0.2.2:1023 (ESTABLISHED)"),
        arguments(
            "a connection by names",
            "d 7 u 3u IPv4 9 0t0 TCP localhost:ssh->localhost:npmp-gui (ESTABLISHED)"),
        arguments("connected udp", "d 7 u 3u IPv4 9 0t0 UDP 192.0.2.1:611->192.0.2.2:53 "),
        arguments(
            "connected udp of 4.99",
            "d 7 u 3u IPv4 9 0t0 UDP 192.0.2.1:611->192.0.2.2:53 (ESTABLISHED)"),
        arguments("unbound udp", "d 7 u 3u IPv4 9 0t0 UDP *:*"),
        arguments("a closed socket", "d 7 u 3u IPv4 9 0t0 TCP *:611 (CLOSED)"),
        arguments("a closed socket without a port", "d 7 u 3u IPv4 9 0t0 TCP *:* (CLOSED)"),
        arguments(
            "no protocol block", "d 7 u 3u IPv4 0xab 0t0 TCP no PCB, CANTSENDMORE, CANTRCVMORE"),
        arguments(
            "a unix socket called like a port",
            "d 7 u 3u unix 0xab 0t0 99 /tmp/TCP *:611 (LISTEN) type=STREAM"),
        arguments(
            "a file called like a row",
            "d 7 u 4r REG 8,1 0 99 /tmp/ IPv4 9 0t0 TCP *:611 (LISTEN)"),
        arguments("a type without a name", "d 7 u 4r 0012 8,1 0 99 what"),
        arguments("a directory", "d 7 u cwd DIR 8,1 4096 2 /"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsOfNothing")
  void ignoresSocketsThatTakeNoTraffic(String quirk, String row) {
    View view = parse(HEADER + row + "\n");

    assertThat(view.listeners()).isEmpty();
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }
}
