package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static io.portcurfew.observe.command.Captures.listeners;
import static io.portcurfew.observe.command.SsRows.MODERN;
import static io.portcurfew.observe.command.SsRows.NINE;
import static io.portcurfew.observe.command.SsRows.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcurfew.observe.View;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SsTest {

  static Stream<Arguments> rows() {
    return Stream.of(
        arguments(
            "port 6110 is itself", "tcp LISTEN 0 5 127.0.0.1:6110 0.0.0.0:*", "tcp 127.0.0.1:6110"),
        arguments(
            "port 25346 is itself",
            "tcp LISTEN 0 5 127.0.0.1:25346 0.0.0.0:*",
            "tcp 127.0.0.1:25346"),
        arguments(
            "a full accept queue",
            "tcp LISTEN 129 128 127.0.0.1:611 0.0.0.0:*",
            "tcp 127.0.0.1:611"),
        arguments("a dual-stack wildcard", "tcp LISTEN 0 5 *:611 *:*", "tcp [::]:611 dual"),
        arguments(
            "an IPv6 wildcard alone", "udp UNCONN 0 0 [::]:611 [::]:*", "udp [::]:611 v6only"),
        arguments(
            "details beat the form",
            "tcp LISTEN 0 5 *:611 *:* ino:1 sk:2 v6only:1 <->",
            "tcp [::]:611 v6only"),
        arguments(
            "a mapped wildcard", "tcp LISTEN 0 5 [::ffff:0.0.0.0]:611 *:*", "tcp 0.0.0.0:611"),
        arguments(
            "a zone behind IPv4",
            "tcp LISTEN 0 5 127.0.0.1%lo:611 0.0.0.0:*",
            "tcp 127.0.0.1%lo:611"),
        arguments(
            "a zone behind a wildcard",
            "udp UNCONN 0 0 0.0.0.0%br0:611 0.0.0.0:*",
            "udp 0.0.0.0%br0:611"),
        arguments("a zone behind a star", "udp UNCONN 0 0 *%br0:611 *:*", "udp [::%br0]:611 dual"),
        arguments(
            "a zone behind brackets",
            "tcp LISTEN 0 5 [fe80::1]%lo:611 [::]:*",
            "tcp [fe80::1%lo]:611"),
        arguments(
            "a zone inside brackets",
            "tcp LISTEN 0 5 [fe80::1%eth0]:611 [::]:*",
            "tcp [fe80::1%eth0]:611"),
        arguments(
            "trailing blanks",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:*     \t ",
            "tcp 127.0.0.1:611"),
        arguments("CRLF", "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:*\r", "tcp 127.0.0.1:611"),
        arguments(
            "an indented capture",
            "   tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:*",
            "tcp 127.0.0.1:611"),
        arguments(
            "users on a line of their own, as on a terminal",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:*\n\t users:((\"a\",pid=5,fd=3))",
            "tcp 127.0.0.1:611 by 5 (a)"),
        arguments(
            "details on a line of their own",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* users:((\"a\",pid=5,fd=3))\n\t cubic cwnd:10",
            "tcp 127.0.0.1:611 by 5 (a)"),
        arguments(
            "a line of control characters",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:*\n \u0001\u0002",
            "tcp 127.0.0.1:611"),
        arguments(
            "a timer before the users",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* timer:(keepalive,9sec,0) users:((\"a\",pid=5,fd=3))",
            "tcp 127.0.0.1:611 by 5 (a)"),
        arguments(
            "a control group like a list of users",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* ino:1 sk:2 cgroup:/x users:((\"a\",pid=1,fd=3)) <->",
            "tcp 127.0.0.1:611"),
        arguments(
            "a control group that lengthens the list",
            "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* users:((\"a\",pid=5,fd=3)) ino:1 sk:2 cgroup:/x\",pid=1,fd=3)) <->",
            "tcp 127.0.0.1:611 by 5 (a)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void parsesAListener(String quirk, String row, String listener) {
    View view = parse(MODERN + row + "\n");

    assertThat(listeners(view)).containsExactly(NINE, listener);
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> nothing() {
    return Stream.of(
        arguments("a client of some port 611", "tcp ESTAB 0 0 192.0.2.1:4000 192.0.2.2:611"),
        arguments("a connection from port 611", "tcp TIME-WAIT 0 0 192.0.2.1:611 192.0.2.2:1023"),
        arguments("connected udp", "udp ESTAB 0 0 192.0.2.1:611 192.0.2.2:53"),
        arguments("connected udp of el6", "udp 0 0 192.0.2.1:611 192.0.2.2:53"),
        arguments(
            "a tcp socket that is bound and does not listen",
            "tcp UNCONN 0 0 127.0.0.1:611 0.0.0.0:*"),
        arguments("unbound udp", "udp UNCONN 0 0 *:* *:*"),
        arguments("netlink", "nl UNCONN 0 0 rtnl:NetworkManager/611 *"),
        arguments("unix", "u_str LISTEN 0 128 /run/x:611 4711 * 0 users:((\"x\",pid=5,fd=3))"),
        arguments("packet", "p_raw UNCONN 0 0 *:eth0 *"),
        arguments("vsock", "v_str LISTEN 0 0 *:611 *:*"),
        arguments("mptcp, whose tcp row shows it", "mptcp LISTEN 0 5 0.0.0.0:611 0.0.0.0:*"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothing")
  void ignoresSocketsThatTakeNoTraffic(String quirk, String row) {
    View view = parse(MODERN + row + "\n");

    assertThat(listeners(view)).containsExactly(NINE);
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments("tcp LISTEN 0 5 *:ssh *:*", "row: a port by name: run it with -n: "),
        arguments(
            "tcp LISTEN 0 5 localhost:611 0.0.0.0:*",
            "row: the address is not numeric: run it without -r"),
        arguments("tcp LISTEN 0 5 0.0.0.0:65536 0.0.0.0:*", "row: no address and port"),
        arguments("tcp LISTEN 0 5 0.0.0.0:* 0.0.0.0:*", "row: a listener without a port"),
        arguments("tcp LISTEN 0 5 0.0.0.0:61", "row: not a row of ss: tcp LISTEN 0 5 0.0.0.0:61"),
        arguments("tcp LISTEM 0 5 0.0.0.0:611 0.0.0.0:*", "row: not a row of ss"),
        arguments("tcq LISTEN 0 5 0.0.0.0:611 0.0.0.0:*", "row: not a row of ss"),
        arguments("tcp LISTEN x 5 0.0.0.0:611 0.0.0.0:*", "row: not a row of ss"),
        arguments("\u001b[31m\0", "row: not a row of ss: \\x1b[31m\\x00"),
        arguments(" cp LISTEN 0 5 0.0.0.0:611 0.0.0.0:*", "row: not a row of ss:  cp LISTEN"),
        arguments("  udp 0 0 0.0.0.0:6", "row: not a row of ss:   udp 0"),
        arguments(
            "Cannot open netlink socket: Permission denied", "row: not a row of ss: Cannot open"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void unreadableRowsAreGaps(String row, String gap) {
    View view = parse(MODERN + row + "\n");

    assertThat(listeners(view)).containsExactly(NINE);
    assertThat(gaps(view)).singleElement().asString().startsWith(gap);
    assertThat(view.complete()).isFalse();
  }

  @Test
  void truncatedUsersKeepTheListener() {
    View view = parse(MODERN + "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* users:((\"sshd\",pid=12");

    assertThat(listeners(view)).containsExactly(NINE, "tcp 127.0.0.1:611");
    assertThat(gaps(view))
        .containsExactly(
            "row: the list of users is truncated or invalid: 127.0.0.1:611 0.0.0.0:*"
                + " users:((\"sshd\",pid=12",
            "owners: it names no owner for 1 of 2 listeners");
  }

  @Test
  void otherTransportsAreOneGap() {
    View view =
        parse(MODERN + "sctp LISTEN 0 5 0.0.0.0:611 0.0.0.0:*\nsctp LISTEN 0 5 [::]:612 [::]:*\n");

    assertThat(gaps(view)).containsExactly("protocol: rows of sctp sockets are not read");
    assertThat(view.complete()).isTrue();
  }
}
