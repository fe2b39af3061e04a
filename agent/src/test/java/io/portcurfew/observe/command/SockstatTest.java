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

class SockstatTest {

  private static final String HEADER =
      "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS";

  private final Parser parser = new Sockstat();

  @Test
  void parsesEveryListenerWithAllOwners() {
    View view = read(parser, "sockstat/l.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp [::]:22 v6only 815(sshd) of root",
            "tcp 0.0.0.0:22 815(sshd) of root",
            "tcp [::]:611 dual 901(nginx) of www 902(nginx) of www",
            "tcp 127.0.0.1:6110 30999(ruby) of git",
            "udp 192.168.7.2:53 760(unbound) of unbound",
            "udp [::1]:53 760(unbound) of unbound",
            "udp [fe80::1%lo0]:123 700(ntpd) of _ntp",
            "tcp 127.0.0.1:5432 702(postgres)",
            "tcp 0.0.0.0:615 703(my daemon) of root",
            "tcp 0.0.0.0:2049");
    assertThat(gaps(view)).containsExactly("PROTOCOL: rows of sctp sockets are not read");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void aNumericUserIsAUid() {
    View view = read(parser, "sockstat/numeric-wide.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder(
            "tcp [::]:22 v6only 815(sshd) of uid 0",
            "tcp [2001:db8:1:2:3:4:5:6]:61100 816(a long command nam) of uid 80");
  }

  @Test
  void aBoundSocketIsNotAlwaysAListener() {
    View view = read(parser, "sockstat/states.txt");
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:22 815(sshd) of root");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void anAmbiguousRowIsAGap() {
    View view = read(parser, "sockstat/hostile.txt");
    assertThat(listeners(view))
        .containsExactlyInAnyOrder("tcp 0.0.0.0:611 901(\\x1b[2K\\xff) of root");
    assertThat(gaps(view))
        .hasSize(2)
        .allSatisfy(gap -> assertThat(gap).startsWith("ROW: the row is ambiguous: root "));
    assertThat(view.complete()).isFalse();
  }

  @Test
  void connectionsAloneAreNotComplete() {
    View view = read(parser, List.of(HEADER, "root sshd 820 4 tcp4 10.0.0.1:22 10.0.0.9:611"));
    assertThat(gaps(view)).containsExactly("LISTENERS: no socket in it listens: run it with -l");
  }

  @Test
  void theHeaderIsOptional() {
    View view = read(parser, List.of("root     sshd       815   4  tcp4   *:611    *:*"));
    assertThat(listeners(view)).containsExactlyInAnyOrder("tcp 0.0.0.0:611 815(sshd) of root");
    assertThat(view.complete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "root sshd 815 4 tcp4 *:611",
    "root sshd 815 4 tcp4 *:ssh *:*",
    "root sshd 815 4 tcp4 host:611 *:*",
    "root sshd 815 4 tcp4 *:65536 *:*",
    "root sshd 815 4 tcp4 *:611 x",
    "root sshd 815 4 xtcp4 *:611 *:*",
    "root sshd x 4 tcp4 *:611 *:*"
  })
  void aDamagedRowIsAGap(String row) {
    View view = read(parser, List.of(HEADER, row));
    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view)).singleElement().asString().startsWith("ROW: ").contains(row);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "usage: sockstat [-46ciLlnqSsUuvw] [-j jid] [-p ports]"})
  void outputWithoutRowsIsNotComplete(String text) {
    View view = read(parser, List.of(text));
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).isNotEmpty();
  }
}
