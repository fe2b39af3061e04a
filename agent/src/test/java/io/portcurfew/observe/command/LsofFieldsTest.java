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

class LsofFieldsTest {

  /**
   * Converts fields with {@code |} between them and {@code /} after a set to one field per line.
   */
  private static View lines(String sets) {
    return Captures.parse(Format.LSOF_FIELDS, sets.replace("/", "|").replace("|", "\n"));
  }

  /** Converts the same text to fields ended by NUL and sets ended by a line end. */
  private static View nul(String sets) {
    return Captures.parse(Format.LSOF_FIELDS, sets.replace("/", "|\n").replace("|", "\0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux.txt", "linux-nul.txt"})
  void parsesBothFormsOfLinux(String capture) {
    View view = Format.LSOF_FIELDS.parse("lsof", read(Format.LSOF_FIELDS, capture));

    assertThat(listeners(view))
        .containsExactly(
            "tcp 127.0.0.53:53 by 402 (systemd-resolve) resolve/101",
            "udp 127.0.0.53:53 by 402 (systemd-resolve) resolve/101",
            "tcp [fe80::21]:611 by 1211 (li\\x0ane\\x09x) nobody/65534",
            "tcp 127.0.0.1:6110 by 1204 (two blanks) root/0");
    assertThat(gaps(view)).singleElement().asString().startsWith("protocol: it shows no endpoint");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void parsesACaptureOfMacos() {
    View view = Format.LSOF_FIELDS.parse("lsof", read(Format.LSOF_FIELDS, "macos.txt"));

    assertThat(listeners(view))
        .containsExactly(
            "udp [::]:3722 by 610 (sharingd) dora/501",
            "tcp [::]:5900 by 1 (launchd) root/0",
            "tcp [fe80::1c2d:3eff:fe44:5566]:49201 by 90 (remotepairingd) root/0");
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> sets() {
    return Stream.of(
        arguments(
            "port 6110 is itself", "p7/f3|tIPv4|PTCP|n*:6110|TST=LISTEN/", "tcp 0.0.0.0:6110 by 7"),
        arguments(
            "any order inside a set",
            "p7/f3|TST=LISTEN|n*:611|PTCP|tIPv4/",
            "tcp 0.0.0.0:611 by 7"),
        arguments(
            "other fields are skipped",
            "p7|g7|R1|cd|u0|Lr/f3|au|l |tIPv4|G0x2;0x0|d9|o0t0|PTCP|n*:611|TST=LISTEN|TQR=0|TQS=0/",
            "tcp 0.0.0.0:611 by 7 (d) r/0"),
        arguments("no T was asked for", "p7/f3|tIPv4|PTCP|n*:611/", "tcp 0.0.0.0:611 by 7"),
        arguments(
            "no f was printed",
            "p7|cd/tIPv6|PTCP|n192.0.2.1:611->192.0.2.2:1|TST=ESTABLISHED/tIPv6|PUDP|n*:611/",
            "udp [::]:611 by 7 (d)"),
        arguments(
            "no type: the wider family", "p7/f3|PTCP|n*:611|TST=LISTEN/", "tcp [::]:611 by 7"),
        arguments(
            "a command not known", "p7|c(unknown)/f3|tIPv4|PUDP|n*:611/", "udp 0.0.0.0:611 by 7"),
        arguments(
            "a user by number", "p7|cd|L501/f3|tIPv4|PUDP|n*:611/", "udp 0.0.0.0:611 by 7 (d)/501"),
        arguments(
            "the process holds for all its files",
            "p7|cd|u0/f3|tREG|nx/f4|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 7 (d)/0"),
        arguments(
            "a process inherits nothing",
            "p7|cd|u0|Lr/f1|tREG|n.x/p8/f3|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 8"),
        arguments(
            "a file inherits nothing",
            "p7/f3|tIPv4|PTCP|n*:9|TST=CLOSED/f4|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 7"),
        arguments(
            "a name like a field",
            "p7|cn*:1|u0/f3|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 7 (n*:1)/0"),
        arguments(
            "one socket on two descriptors",
            "p7/f3|tIPv4|PUDP|n*:611/f4|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 7"),
        arguments(
            "one socket in two processes",
            "p8/f3|tIPv4|PUDP|n*:611/p7/f3|tIPv4|PUDP|n*:611/",
            "udp 0.0.0.0:611 by 7, 8"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sets")
  void parsesAListenerInBothForms(String quirk, String sets, String listener) {
    assertThat(listeners(lines(sets))).containsExactly(listener);
    assertThat(listeners(nul(sets))).containsExactly(listener);
    assertThat(lines(sets).complete()).isTrue();
    assertThat(nul(sets).complete()).isTrue();
  }

  static Stream<Arguments> nothing() {
    return Stream.of(
        arguments(
            "a client of some port 611",
            "p7/f3|tIPv4|PTCP|n192.0.2.1:4->192.0.2.2:611|TST=ESTABLISHED/"),
        arguments("connected udp", "p7/f3|tIPv4|PUDP|n192.0.2.1:611->192.0.2.2:53/"),
        arguments("unbound udp", "p7/f3|PUDP|n*:*/"),
        arguments("a closed socket", "p7/f3|tIPv4|PTCP|n*:611|TST=CLOSED/"),
        arguments("no protocol block", "p7/f3|tIPv4|PTCP|nno PCB/"),
        arguments("a file without a type", "p7/fcwd|n\\var/"),
        arguments("a file called like a port", "p7/f3|tREG|n*:611/"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothing")
  void ignoresSocketsThatTakeNoTraffic(String quirk, String sets) {
    View view = lines(sets);

    assertThat(view.listeners()).isEmpty();
    assertThat(view.gaps()).isEmpty();
    assertThat(view.complete()).isTrue();
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments(
            "p7/f3|tIPv4|PTCP|n*:ssh|TST=LISTEN/",
            "row: a port by name: run it with -nP: f3 tIPv4 PTCP n*:ssh TST=LISTEN"),
        arguments("p7/f3|tIPv4|PTCP|nlocalhost:611/", "row: the address is not numeric"),
        arguments("p7/f3|tIPv4|n*:611/", "row: an address without its protocol: f3 tIPv4 n*:611"),
        arguments("p7/f3|n*:611/", "row: an address without its protocol: f3 n*:611"),
        arguments("p7/f3|tIPv4|PTCP/", "row: a file without a name"),
        arguments("p7/f3/", "row: a file without a name"),
        arguments("p7/f3|tIPv9|n*:611/", "row: unknown type of file"),
        arguments("p7/f3|tIPv4|PTPC|n*:611/", "row: unknown protocol"),
        arguments("p7/f3|tIPv4|PTCP|n*:611|TST=LISTEM/", "row: unknown state"),
        arguments("px|cd/", "row: no process id: px"),
        arguments(
            "p7/f3|tIPv4|PUDP|n*:*/lsof: WARNING: can't stat() x/",
            "listeners: lsof printed: lsof: WARNING"),
        arguments(
            "p7/f3|tIPv4|PUDP|n*:*/ Output information may be incomplete./",
            "listeners: lsof printed: Output"),
        arguments("p7/f3|tIPv4|PUDP|n*:*/[garbage/", "row: not a field of lsof: [garbage"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void unreadableFieldsAreGaps(String sets, String gap) {
    View view = lines(sets);

    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view)).singleElement().asString().startsWith(gap);
    assertThat(view.complete()).isFalse();
  }

  @Test
  void lineEndInAName_forgesNoField() {
    View view = nul("p7|ca\np1\nf9\ntIPv4\nPTCP\nn*:1|u0/f3|tIPv4|PUDP|n*:611/");

    assertThat(listeners(view))
        .containsExactly("udp 0.0.0.0:611 by 7 (a\\x0ap1\\x0af9\\x0atIPv4\\x0aPTCP\\x0an*:1)/0");
  }

  @Test
  void aMissingEndIsAGap() {
    View inField = Captures.parse(Format.LSOF_FIELDS, "p7\nf3\ntIPv4\nPUDP\nn*:61");
    View inSet = Captures.parse(Format.LSOF_FIELDS, "p7\0\nf3\0tIPv4\0PTCP\0n*:611\0");

    assertThat(inField.listeners()).isEmpty();
    assertThat(gaps(inField))
        .containsExactlyInAnyOrder(
            "row: a file without a name and address: f3 tIPv4 PUDP",
            "row: the end is missing: n*:61");
    assertThat(listeners(inSet)).containsExactly("tcp 0.0.0.0:611 by 7");
    assertThat(inSet.complete()).isFalse();
  }

  @Test
  void aSocketWithoutAProcessIsAListener() {
    View view = lines("f3|tIPv4|PUDP|n*:611/");

    assertThat(listeners(view)).containsExactly("udp 0.0.0.0:611");
    assertThat(gaps(view))
        .containsExactly(
            "row: a field before the first process: f3",
            "owners: it names no owner for 1 of 1 listener");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\0\n", "p7\np8\n", "COMMAND PID USER\n"})
  void emptyOutputIsNotComplete(String text) {
    View view = Captures.parse(Format.LSOF_FIELDS, text);

    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).isNotEmpty();
  }
}
