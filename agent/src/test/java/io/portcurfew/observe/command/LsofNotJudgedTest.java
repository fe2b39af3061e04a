package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcurfew.observe.View;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of lsof that cannot be judged. */
class LsofNotJudgedTest {

  private static final String HEADER =
      "COMMAND     PID   USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n";

  private static View parse(String rows) {
    return Captures.parse(Format.LSOF, rows);
  }

  static Stream<Arguments> unreadableRows() {
    String nobody = "d 7 u 3u IPv4 9 0t0 TCP ";
    return Stream.of(
        arguments(nobody + "*:ssh (LISTEN)", "row: a port by name: run it with -nP: "),
        arguments(
            nobody + "localhost:611 (LISTEN)",
            "row: the address is not numeric: run it with -nP: "),
        arguments(nobody + "*:65536 (LISTEN)", "row: no address and port: "),
        arguments(nobody + "*:-611 (LISTEN)", "row: no address and port: "),
        arguments(nobody + "[::1]:611 (LISTEN)", "row: the address is not numeric"),
        arguments(nobody + "*:611 (LISTE", "row: more in it than a row has: "),
        arguments(nobody + "*:611 (LISTEM)", "row: unknown state: "),
        arguments(nobody + "*:* (LISTEN)", "row: a listener without a port: "),
        arguments("d 7 u 3u IPv4 9 0t0 TCP network addresses too long", "row: "),
        arguments(
            "d 7 u 3u IPv4 9 0t0 UDP network addresses too long",
            "row: more in it than a row has: "),
        arguments(nobody, "row: no address and port: "),
        arguments("d 7 u 3u IPv4 9 0t0 *:611 (LISTEN)", "row: an address without its protocol: "),
        arguments("d 7 u 3u IPv5 9 0t0 TCP *:611 (LISTEN)", "row: unknown type of file: "),
        arguments("d pid u 3u IPv4 9 0t0 TCP *:611 (LISTEN)", "row: not a row of lsof: "),
        arguments("d 0 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)", "row: not a row of lsof: "),
        arguments("\u001b[31mnonsense\0", "row: not a row of lsof: \\x1b[31mnonsense\\x00"),
        arguments(
            "lsof: WARNING: can't stat() fuse.portal file system /run/user/7/doc",
            "listeners: lsof printed: lsof: WARNING: can't stat() fuse.portal"),
        arguments(
            "      Output information may be incomplete.",
            "listeners: lsof printed: Output information may be incomplete."));
  }

  @ParameterizedTest
  @MethodSource("unreadableRows")
  void unreadableRowsAreGaps(String row, String gap) {
    View view = parse(HEADER + row + "\n");

    assertThat(view.listeners()).isEmpty();
    assertThat(gaps(view)).singleElement().asString().startsWith(gap);
    assertThat(view.complete()).isFalse();
  }

  static Stream<Arguments> otherTransports() {
    return Stream.of(
        arguments("d 7 u 3u IPv4 9 0t0 UDPLITE *:611", "rows of UDPLITE sockets are not read"),
        arguments("d 7 u 3u IPv6 9 0t0 SCTP *:611 (LISTEN)", "rows of SCTP sockets are not read"),
        arguments("d 7 u 3u IPv4 9 0t0 ICMP *:*", "rows of ICMP sockets are not read"),
        arguments("d 7 u 3u sock 0,9 0t0 55 can't identify protocol", "it shows no endpoint"),
        arguments("d 7 u 3u sock 0,9 0t0 55 protocol: UDPv6", "it shows no endpoint"));
  }

  @ParameterizedTest
  @MethodSource("otherTransports")
  void unjudgedSocketsAreOneGapThatHidesNothing(String row, String gap) {
    View view = parse(HEADER + (row + "\n").repeat(3));

    assertThat(gaps(view)).singleElement().asString().startsWith("protocol: " + gap);
    assertThat(view.complete()).isTrue();
  }

  @Test
  void anUnreadableProcessMayHoldListeners() {
    View view =
        parse(
            HEADER
                + "init 1 root NOFD /proc/1/fd (opendir: Permission denied)\n".repeat(2)
                + "init 1 root 5 unknown /proc/1/fd/5 (readlink: Permission denied)\n");

    assertThat(gaps(view))
        .containsExactly("listeners: it could not see the files of all processes: run it as root");
    assertThat(view.complete()).isFalse();
  }

  @Test
  void anUnknownUserHidesNoListener() {
    View view = parse(HEADER + "lsof: no pwd entry for UID 4711\n");

    assertThat(gaps(view)).containsExactly("owners: lsof printed: lsof: no pwd entry for UID 4711");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void emptyOutputIsNotComplete() {
    assertThat(gaps(parse("")))
        .containsExactly("listeners: there is no output, not even the header of a table");
    assertThat(parse("\n \n").complete()).isFalse();
    assertThat(parse(HEADER).complete()).isTrue();
  }
}
