package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static io.portcurfew.observe.command.Captures.listeners;
import static io.portcurfew.observe.command.SsRows.capture;
import static io.portcurfew.observe.command.SsRows.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of ss by version and options. */
class SsFormsTest {

  @Test
  void parsesACaptureWithNetids() {
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
  void detailsShowIfAWildcardAcceptsIpv4() {
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
  void inCentos7AStarIsTheIpv4Wildcard() {
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
  void parsesEl6WithoutStateAndOwnerWords() {
    View view = capture("el6.txt");

    assertThat(listeners(view))
        .containsExactly(
            "tcp [::]:22 by 1203 (sshd), 1204 (sshd)",
            "udp 0.0.0.0:611 by 1411 (rpc.mountd)",
            "tcp 127.0.0.1:631 by 1330 (cupsd)");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void aCaptureOfTcpAloneIsNotComplete() {
    View view = capture("tcp-only.txt");

    assertThat(listeners(view))
        .containsExactly("tcp 0.0.0.0:22 by 811 (sshd)", "tcp [::1]:61100 by 77 (x)");
    assertThat(gaps(view))
        .containsExactly("listeners: it shows only tcp or only udp: run it with -t and -u");
    assertThat(view.complete()).isFalse();
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
  void withoutSignsAStarIsBothFamilies(String rows) {
    assertThat(listeners(parse(rows))).anyMatch(shown -> shown.startsWith("tcp [::]:611 dual"));
  }

  @Test
  void twoCapturesOfOneKindAreBoth() {
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
  void outputWithoutListenersIsNotComplete(String text) {
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
