package io.portcurfew.observe.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import io.portcurfew.tags.HeavyLoad;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long text of the worst kinds. A parser with linear time finishes in moments and one with
 * quadratic time would need hours, so the limit does not measure speed.
 */
@HeavyLoad
class ParserBoundsTest {

  private static final int LONG = 600_000;
  private static final Duration HOURS_IN_TRUTH = Duration.ofMinutes(4);
  private static final String ROW = "tcp LISTEN 0 5 127.0.0.1:611 0.0.0.0:* users:(";

  static Stream<String> worst() {
    String group = "(\"d\",pid=7,fd=3)";
    return Stream.of(
        many("\n"),
        many("\r"),
        many("\0"),
        many("\0\n"),
        many(" "),
        many("\t\n"),
        many("a\n"),
        many("9"),
        many(":"),
        many("*:611 "),
        many("\\"),
        many("^"),
        many("\u0080"),
        ROW + many("(\""),
        ROW + many("(\"\n"),
        ROW + many(group + ","),
        ROW + many("(\"\u0080,"),
        ROW + many("(\"\",pid=1,fd=3),(\"\",pid=1"),
        ROW + many("\",1,1),("),
        ROW + many("(\"\",1,1),"),
        ROW + "(\"" + many("\u0080") + many("(\"" + "\u0080".repeat(99)),
        ROW + many("(\"d\"\ntcp LISTEN 0 0 "),
        many(ROW + group + ")\n"),
        many("d 7 u 3u IPv4 9 0t0 TCP *:611 (LISTEN)\n"),
        "d 7 u 3u IPv4 9 0t0 TCP " + many("*:611->"),
        "d 7 " + many("IPv4 TCP "),
        many("\\x20") + " 7 u 3u REG",
        many("p7\nf3\ntIPv4\nPTCP\nn*:611\n"),
        many("f3\0\n"),
        "p7\nc" + many("x") + "\nf3\nPUDP\nn*:611\n",
        "p7\n" + many("TST=LISTEN\n"),
        many("n*:611\n"),
        many("lsof: x\n"));
  }

  private static String many(String text) {
    return text.repeat(LONG / text.length());
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("worst")
  void everyParserTakesLinearTime(String text) {
    byte[] raw = ByteText.raw(text);
    for (Format format : Format.values()) {
      View view = assertTimeoutPreemptively(HOURS_IN_TRUTH, () -> format.parse("test", raw));
      assertThat(view.gaps()).as(format.label()).hasSizeLessThan(100);
    }
  }

  @Test
  void manyOwnersOfOneSocketTakeLinearTime() {
    StringBuilder rows = new StringBuilder();
    IntStream.rangeClosed(1, 50_000)
        .forEach(
            pid -> rows.append("d ").append(pid).append(" u 3u IPv4 9 0t0 TCP *:611 (LISTEN)\n"));

    View view =
        assertTimeoutPreemptively(
            HOURS_IN_TRUTH, () -> Captures.parse(Format.LSOF, rows.toString()));

    assertThat(view.listeners())
        .singleElement()
        .satisfies(one -> assertThat(one.owners()).hasSize(50_000));
  }
}
