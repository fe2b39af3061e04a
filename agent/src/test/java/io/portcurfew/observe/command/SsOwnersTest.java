package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static io.portcurfew.observe.command.Captures.listeners;
import static io.portcurfew.observe.command.SsRows.MODERN;
import static io.portcurfew.observe.command.SsRows.NINE;
import static io.portcurfew.observe.command.SsRows.capture;
import static io.portcurfew.observe.command.SsRows.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcurfew.observe.View;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The owners in rows of ss, including processes with hostile names. */
class SsOwnersTest {

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
  void ownersAreCommonToAllWaysOfParsing(String quirk, String list, String owners) {
    View view = parse(MODERN + "tcp LISTEN 0 5 [::1]:611 [::]:* users:" + list + "\n");

    assertThat(listeners(view)).containsExactly(NINE, "tcp [::1]:611" + owners);
    assertThat(view.gaps()).isEmpty();
  }

  @Test
  void ambiguousName_isAGapWithoutForgedPid() {
    View view =
        parse(
            MODERN
                + "tcp LISTEN 0 5 [::1]:611 [::]:* users:((\"\",1,3),(\"x\",717,3),(\"long-name\",1207,3))\n");

    assertThat(listeners(view)).containsExactly(NINE, "tcp [::1]:611 by 717, 1207 (long-name)");
    assertThat(gaps(view))
        .containsExactly("owners: a process name forges other owners of [::1]:611");
  }

  @Test
  void aNameDoesNotConsumeOtherLines() {
    View view =
        parse(
            MODERN
                + "RTNETLINK answers: no\ntcp LISTEN 0 5 [::1]:611 [::]:* users:((\"a\",pid=5,fd=3))\ntcp LISTEN 0 5 [::1]:6\n");

    assertThat(gaps(view))
        .containsExactly(
            "row: not a row of ss: RTNETLINK answers: no",
            "row: not a row of ss: tcp LISTEN 0 5 [::1]:6");
  }
}
