package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.ViewLines.gaps;
import static io.portcurfew.observe.command.ViewLines.listeners;
import static io.portcurfew.observe.command.ViewLines.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.View;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetstatLinuxTest {

  private static final String TITLE = "Active Internet connections (only servers)";
  private static final String HEADER =
      "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
          + "PID/Program name";

  private final Parser parser = new NetstatLinux();

  @Test
  void rootSeesEveryListenerAndOneOwner() {
    View view = read(parser, "netstat-linux/root.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp 127.0.0.1:611 4711(python3)",
            "tcp 0.0.0.0:6110 812(sshd: /usr/sbin)",
            "tcp 127.0.0.1:61100 1300041(a daemon of)",
            "tcp [::1]:611 49(python3)",
            "tcp [::]:443 90(nginx: master pr)",
            "tcp [2001:db8:ac10:fe0...]:25346 91(mail)",
            "tcp [fe80::c0ff:ee00:abc...]:123 92(ntpd)",
            "udp 0.0.0.0:5353 442(avahi-daemon: r)",
            "udp 0.0.0.0:2049",
            "udp [::1]:323 77(chronyd)");
    assertThat(view.complete()).isTrue();
    assertThat(gaps(view)).isEmpty();
  }

  @Test
  void wideOutputHasNoTruncatedAddress() {
    View view = read(new NetstatLinux(true), "netstat-linux/root.txt");
    assertThat(listeners(view)).contains("tcp [fe80::c0ff:ee00:abc]:123 92(ntpd)");
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: no numeric address");
  }

  @Test
  void otherUsersSeeEveryListenerWithoutOwners() {
    View view = read(parser, "netstat-linux/nobody.txt");
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 127.0.0.1:611", "udp 0.0.0.0:68");
    assertThat(gaps(view))
        .containsExactly(
            "OWNERS: no right to see the owners of other users' sockets: run it as root");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void missingRightsInOneLineAreAGap() {
    View view =
        read(
            parser,
            List.of(
                "(No info could be read for \"-p\": geteuid()=65534 but you should be root.)",
                TITLE,
                HEADER));
    assertThat(gaps(view)).singleElement().asString().startsWith("OWNERS: ");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void skipsOtherColumnsAndSockets() {
    View view = read(parser, "netstat-linux/all-extended.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp 10.1.2.3:611 61(python3)", "udp 127.0.0.1:625 34(dns cache)");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void programName_forgesNothing() {
    View view = read(parser, "netstat-linux/hostile.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp 127.0.0.1:23020 4242(1/systemd 0.0.)",
            "tcp 127.0.0.1:23021 4243(\\x1b]0;owned\\x07\\x85\\xff)",
            "tcp 127.0.0.1:23022 4244(x\\x0dtcp LISTEN)",
            "udp 127.0.0.1:23023 4245(9 9 1/init)",
            "tcp 127.0.0.1:23024 4246(a)",
            "tcp 127.0.0.1:23025 4247");
    assertThat(gaps(view)).singleElement().asString().contains("tcp 0 0 *:9 *:*");
    assertThat(view.complete()).isFalse();
  }

  @Test
  void busyboxPrintsOneNameForBothFamilies() {
    View view = read(parser, "netstat-linux/busybox.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp 127.0.0.1:611",
            "tcp [fe80::2]:611",
            "tcp [fd00:aaaa:bbbb:cccc:dddd:eeee:ffff:1]:61100",
            "tcp [::]:8080 77(sshd [listener)",
            "udp [::]:547");
    assertThat(gaps(view)).containsExactly("PROTOCOL: that kernel has no IPv6");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void aTranslatedStateWithoutPeerListens() {
    View view = read(parser, "netstat-linux/german.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder("tcp 0.0.0.0:611 12(httpd)", "tcp 0.0.0.0:612 14(httpd)");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void namesAreGapsOnlyOnListeners() {
    View view = read(parser, "netstat-linux/by-name.txt");
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:611", "tcp [::]:612");
    assertThat(gaps(view))
        .satisfiesExactly(
            ipp -> assertThat(ipp).startsWith("ROW: a port by name: run it with -n: tcp "),
            ssh -> assertThat(ssh).startsWith("ROW: a port by name: run it with -n: tcp6 "),
            host -> assertThat(host).startsWith("ROW: no numeric address: run it with -n"));
  }

  @Test
  void aTextWithoutServersShowsNoListeners() {
    View view =
        read(parser, List.of("Active Internet connections (w/o servers)", HEADER.substring(0, 79)));
    assertThat(gaps(view))
        .containsExactly("LISTENERS: taken without -l or -a: it shows no listeners");
    assertThat(view.complete()).isFalse();
  }

  @Test
  void translatedConnectionsAloneAreNotComplete() {
    String row = "tcp        0      0 10.0.0.1:50000          10.0.0.2:611            VERBUNDEN";
    View german = read(parser, List.of("Aktive Internetverbindungen (ohne Server)", HEADER, row));
    View english = read(parser, List.of(TITLE, HEADER, row));
    assertThat(gaps(german))
        .containsExactly("LISTENERS: no socket in it listens: run it with -l or -a");
    assertThat(english.complete()).isTrue();
  }

  @Test
  void aHeaderAloneIsAnEmptyHost() {
    assertThat(read(parser, List.of(TITLE, HEADER, "")).complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        TITLE,
        "bash: netstat: command not found",
        "netstat: /proc/net/tcp: Permission denied",
        "netstat: invalid option -- 'p'"
      })
  void outputWithoutAHeaderIsNotComplete(String text) {
    View view = read(parser, List.of(text));
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tcp 0 0 127.0.0.1:611",
    "tcp 0 0 127.0.0.1:611 0.0.0.0 LISTEN",
    "tcp 0 0 127.0.0.1:61x 0.0.0.0:* LISTEN",
    "tcp 0 0 127.0.0.1:65536 0.0.0.0:* LISTEN",
    "tcp 0 0 127.0.0.1: 0.0.0.0:* LISTEN",
    "tcp 0 0 127.0.0:611 0.0.0.0:* LISTEN",
    "xtcp 0 0 127.0.0.1:611 0.0.0.0:* LISTEN",
    "tcp4 0 0 *.611 *.* LISTEN"
  })
  void aDamagedRowIsAGap(String row) {
    View view = read(parser, List.of(TITLE, HEADER, row));
    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: ").contains(row);
  }

  @Test
  void anUnjudgedTransportIsAGap() {
    View view =
        read(parser, List.of(TITLE, HEADER, "udpl       0      0 127.0.0.1:626  0.0.0.0:*"));
    assertThat(gaps(view)).containsExactly("PROTOCOL: rows of udpl sockets are not read");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void anOverlongLineIsAGap() {
    View view = read(parser, List.of(TITLE, HEADER, "tcp 0 0 " + " ".repeat(5000) + "x"));
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: too long for a row");
  }
}
