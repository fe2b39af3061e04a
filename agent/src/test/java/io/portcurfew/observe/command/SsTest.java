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
import org.junit.jupiter.params.provider.ValueSource;

class SsTest {

  /** Says that {@code *} is not IPv4, and that udp was asked for too. */
  private static final String MODERN =
      "udp UNCONN 0 0 0.0.0.0:9 0.0.0.0:* users:((\"nine\",pid=9,fd=9))\n";

  private static final String NINE = "udp 0.0.0.0:9 by 9 (nine)";

  private static View parse(String rows) {
    return Captures.parse(Format.SS, rows);
  }

  private static View capture(String name) {
    return Format.SS.parse("ss", read(Format.SS, name));
  }

  @Test
  void aCaptureWithNetidsIsReadWhole() {
    View view = capture("netid.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp 0.0.0.0:22 by 811 (sshd)",
            "udp 127.0.0.53%lo:53 by 402 (systemd-resolve)",
            "udp [::]:68 v6only by 419 (net (x)",
            "tcp [fe80::21%eth0]:611 by 1211 (li\\x0ane\\x09x)",
            "tcp 127.0.0.1:6110 by 1204 (two blanks), 1205 (two blanks)",
            "tcp [::]:8611 dual by 1210 (q\"o,t;e\\\\)");
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  @Test
  void detailsTellWhetherAWildcardTakesIpv4() {
    View view = capture("details.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp [::]:80 dual by 901 (nginx), 902 (nginx)",
            "udp 127.0.0.1:323 by 640 (chronyd)",
            "tcp [::]:443 v6only by 902 (nginx)",
            "udp 0.0.0.0:8472");
    assertThat(gaps(view)).containsExactly("owners: it names no owner for 1 of 4 listeners");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void inTheFormOfCentos7AStarIsTheIpv4Wildcard() {
    View view = capture("centos7.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp 0.0.0.0:22 by 1090 (sshd)",
            "tcp [::]:22 by 1090 (sshd)",
            "udp 127.0.0.1:323 by 702 (chronyd)",
            "udp [::1]:323 by 702 (chronyd)");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void inTheFormOfEl6StateAndTheWordsOfOwnersAreMissing() {
    View view = capture("el6.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp [::]:22 by 1203 (sshd), 1204 (sshd)",
            "udp 0.0.0.0:611 by 1411 (rpc.mountd)",
            "tcp 127.0.0.1:631 by 1330 (cupsd)");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void aCaptureOfTcpAloneSaysNothingAboutUdp() {
    View view = capture("tcp-only.txt");

    assertThat(listeners(view))
        .containsExactly("tcp 0.0.0.0:22 by 811 (sshd)", "tcp [::1]:61100 by 77 (x)");
    assertThat(gaps(view))
        .containsExactly("listeners: it was asked for tcp or for udp alone: run it with -t and -u");
    assertThat(view.complete()).isFalse();
  }

  @Test
  void namesForgeNoOwnerAndNoRow() {
    View view = capture("hostile.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp 127.0.0.1:23001 by 17767 (\",pid=1,fd=3)",
            "tcp 127.0.0.1:23002 by 17768 (\",pid=1,fd=3),()",
            "tcp 127.0.0.1:23003 by 17769 () S 1 1)",
            "tcp 127.0.0.1:23004 by 17770 (\\x1b[2J\\xff\\xfe\\xc3)",
            "tcp 127.0.0.1:23005 by 17771 (\\x0atcp LISTEN 0 5)",
            "tcp 127.0.0.1:23006 by 17772 (\",pid=1,fd=3))\\x0a)",
            "tcp 127.0.0.1:23007 by 17773 ()");
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

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
  void aListenerIsRead(String quirk, String row, String listener) {
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
        arguments("mptcp, whose tcp row tells it", "mptcp LISTEN 0 5 0.0.0.0:611 0.0.0.0:*"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothing")
  void whatTakesNoTrafficIsNoListenerAndNoGap(String quirk, String row) {
    View view = parse(MODERN + row + "\n");

    assertThat(listeners(view)).containsExactly(NINE);
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> told() {
    return Stream.of(
        arguments("tcp LISTEN 0 5 *:ssh *:*", "row: a port by name: run it with -n: "),
        arguments(
            "tcp LISTEN 0 5 localhost:611 0.0.0.0:*",
            "row: no address in numbers: run it without -r"),
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
  @MethodSource("told")
  void whatCannotBeJudgedIsTold(String row, String gap) {
    View view = parse(MODERN + row + "\n");

    assertThat(listeners(view)).containsExactly(NINE);
    assertThat(gaps(view)).singleElement().asString().startsWith(gap);
    assertThat(view.complete()).isFalse();
  }

  @Test
  void anAddressStaysAListenerWhereItsUsersAreCut() {
    View view = parse(MODERN + "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* users:((\"sshd\",pid=12");

    assertThat(listeners(view)).containsExactly(NINE, "tcp 127.0.0.1:611");
    assertThat(gaps(view))
        .containsExactly(
            "row: the list of users is cut or not one of ss: 127.0.0.1:611 0.0.0.0:*"
                + " users:((\"sshd\",pid=12",
            "owners: it names no owner for 1 of 2 listeners");
  }

  @Test
  void otherTransportsAreToldOnce() {
    View view =
        parse(MODERN + "sctp LISTEN 0 5 0.0.0.0:611 0.0.0.0:*\nsctp LISTEN 0 5 [::]:612 [::]:*\n");

    assertThat(gaps(view)).containsExactly("protocol: sctp sockets are not judged");
    assertThat(view.complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp LISTEN 0 5 *:611 *:*\ntcp LISTEN 0 5 :::612 :::*",
        "tcp LISTEN 0 5 *:611 *:*\ntcp LISTEN 0 5 [::]:611 [::]:*",
        "tcp LISTEN 0 5 *:611 *:*\ntcp LISTEN 0 5 127.0.0.1:25 *:*",
        "tcp LISTEN 0 5 *:611 *:* users:((\"x\",5,3))"
      })
  void signsOfTheOldFormMakeAStarIpv4(String rows) {
    assertThat(listeners(parse(rows))).anyMatch(shown -> shown.startsWith("tcp 0.0.0.0:611"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp LISTEN 0 5 *:611 *:*",
        "tcp LISTEN 0 5 *:611 *:*\ntcp LISTEN 0 5 [::]:612 [::]:*",
        "tcp LISTEN 0 5 *:611 *:*\ntcp LISTEN 0 5 [::1]:611 [::]:*",
        "tcp LISTEN 0 5 *:611 *:* users:((\"x\",pid=5,fd=3))\ntcp LISTEN 0 5 0.0.0.0:25 0.0.0.0:*",
        "tcp LISTEN 0 5 *:611 *:* ino:1 sk:2 v6only:0 <->\ntcp LISTEN 0 5 127.0.0.1:25 *:*"
      })
  void withoutThemAStarClaimsTheMostExposure(String rows) {
    assertThat(listeners(parse(rows))).anyMatch(shown -> shown.startsWith("tcp [::]:611 dual"));
  }

  static Stream<Arguments> users() {
    return Stream.of(
        arguments(
            "several groups",
            "((\"a\",pid=5,fd=3),(\"a\",pid=5,fd=4),(\"b\",pid=6,fd=3))",
            " by 5 (a), 6 (b)"),
        arguments(
            "a forger among others",
            "((\"b\",pid=6,fd=3),(\"\",pid=1,fd=3),(\",pid=717,fd=3),(\"c\",pid=7,fd=3))",
            " by 6 (b), 7 (c), 717 (\",pid=1,fd=3),()"),
        arguments(
            "a forger of a start",
            "((\",pid=1,fd=3),(\"\",pid=717,fd=3))",
            " by 717 (,pid=1,fd=3),(\")"),
        arguments(
            "a name that closes the list",
            "((\"\",pid=1,fd=3)) \",pid=717,fd=3))",
            " by 717 (\",pid=1,fd=3)) )"),
        arguments(
            "15 characters of two bytes",
            "((\"\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\u00c3\u00a9\",pid=717,fd=3))",
            " by 717 (ééééééééé)"),
        arguments(
            "the old form",
            "((\"two blanks\",717,3),(\"sshd\",1204,3))",
            " by 717 (two blanks), 1204 (sshd)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("users")
  void ownersAreThoseThatAllWaysToReadTheListAgreeOn(String quirk, String list, String owners) {
    View view = parse(MODERN + "tcp LISTEN 0 5 [::1]:611 [::]:* users:" + list + "\n");

    assertThat(listeners(view)).containsExactly(NINE, "tcp [::1]:611" + owners);
    assertThat(view.gaps()).isEmpty();
  }

  @Test
  void aNameThatFitsTwoWaysIsToldAndTheForgedPidIsNot() {
    View view =
        parse(
            MODERN
                + "tcp LISTEN 0 5 [::1]:611 [::]:* users:((\"\",1,3),(\"x\",717,3),(\"long-name\",1207,3))\n");

    assertThat(listeners(view)).containsExactly(NINE, "tcp [::1]:611 by 717, 1207 (long-name)");
    assertThat(gaps(view))
        .containsExactly("owners: a process name forges other owners of [::1]:611");
  }

  @Test
  void whatDoesNotBelongToANameIsNotSwallowed() {
    View view =
        parse(
            MODERN
                + "RTNETLINK answers: no\ntcp LISTEN 0 5 [::1]:611 [::]:* users:((\"a\",pid=5,fd=3))\ntcp LISTEN 0 5 [::1]:6\n");

    assertThat(gaps(view))
        .containsExactly(
            "row: not a row of ss: RTNETLINK answers: no",
            "row: not a row of ss: tcp LISTEN 0 5 [::1]:6");
  }

  @Test
  void oneKindAfterTheOtherIsBoth() {
    String header = "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n";
    View view =
        parse(
            header
                + "LISTEN 0 5 0.0.0.0:611 0.0.0.0:*\n"
                + header
                + "UNCONN 0 0 0.0.0.0:611 0.0.0.0:*\n");

    assertThat(listeners(view)).containsExactly("tcp 0.0.0.0:611", "udp 0.0.0.0:611");
    assertThat(view.complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "State Recv-Q Send-Q Local Address:Port Peer Address:Port\n",
        "tcp ESTAB 0 0 192.0.2.1:4000 192.0.2.2:611\n",
        "u_str LISTEN 0 128 /run/x 4711 * 0\n"
      })
  void whatWasNotAskedIsNotKnown(String text) {
    View view = parse(text);

    assertThat(gaps(view)).singleElement().asString().startsWith("listeners: ");
    assertThat(view.complete()).isFalse();
  }

  @Test
  void aHeaderWithoutRowsIsAnEmptyHost() {
    assertThat(
            parse("Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n")
                .complete())
        .isTrue();
  }
}
