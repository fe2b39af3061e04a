package io.portcurfew.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.tags.InjectedFault;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a mutated file ends, and its problems are safe to show. */
@InjectedFault
class MutationTest {

  /** Of each kind of file; a million in all with {@code -Dportcurfew.mutations=334000}. */
  private static final int MUTATIONS = Integer.getInteger("portcurfew.mutations", 20_000);

  private static final List<String> PIECES =
      List.of(
          "\n",
          " ",
          ":",
          "- ",
          "#",
          "'",
          "\"",
          "[",
          "]",
          "{",
          "}",
          "&a ",
          "*a",
          "!!int ",
          "<<: ",
          "~",
          "no",
          "017",
          "0x263",
          "1_000",
          "22:22",
          "65536",
          "-1",
          "1-2",
          "/33",
          "%",
          "|\n",
          ">\n",
          "? ",
          "---\n",
          "\t",
          "\0",
          "\uFEFF",
          "\u202E",
          "\\x00",
          "\"\\e\"",
          "\r\n",
          "name: a\n",
          "expect: closed\n",
          "ports: 1\n",
          "every: 0s\n",
          "until: 2027-02-29\n",
          "for: 5m\n",
          "labels: {a: b}\n",
          "include: [baseline.yaml]\n",
          "at: 2026-11-23\n",
          "complete: false\n",
          " as root",
          " in web",
          " deleted",
          "tcp [::1]:611",
          "findings: []\n",
          "blind",
          "runbook: https://a/b\n",
          "eth0",
          "**",
          "../",
          "true",
          "null",
          "1e3",
          "::ffff:1.2.3.4",
          "fe80::1%",
          "10.0.0.0/8",
          "\uD83D\uDE00");

  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({"policy,20261123", "config,611", "test,1994"})
  void schemaAcceptsEveryMutationThatTheReaderAccepts(String kind, long seed) {
    Random random = new Random(seed);
    Schema schema = Schemas.schema(kind);
    List<byte[]> originals = Examples.good(kind).stream().map(Examples::bytes).toList();
    int taken = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] text = mutate(originals.get(random.nextInt(originals.size())), random);
      List<Problem> problems = Examples.problems(kind, "file", text);
      String shown = new String(text, UTF_8);
      assertThat(problems).as(shown).allSatisfy(MutationTest::isSafeToShow);
      if (problems.isEmpty()) {
        taken++;
        assertThat(Schemas.errors(schema, text)).as(shown).isEmpty();
      }
    }
    assertThat(taken).isBetween(MUTATIONS / 100, MUTATIONS * 9 / 10);
  }

  private static void isSafeToShow(Problem problem) {
    assertThat(problem.line()).isPositive();
    assertThat(problem.column()).isPositive();
    assertThat(problem.toString()).doesNotContainPattern("[\\p{Cntrl}\u202E\uFEFF]");
    assertThat(problem.toString().length()).isLessThan(2_000);
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] text = original;
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = mutateOnce(text, random);
    }
    return text;
  }

  private static byte[] mutateOnce(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int end = Math.min(text.length, at + random.nextInt(12));
    return switch (random.nextInt(5)) {
      case 0 ->
          join(text, at, new byte[] {(byte) random.nextInt(256)}, Math.min(at + 1, text.length));
      case 1 -> join(text, at, new byte[0], end);
      case 2 -> join(text, at, Arrays.copyOfRange(text, at, end), at);
      case 3 -> join(text, at, piece(random), end);
      default -> join(text, at, piece(random), at);
    };
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8);
  }

  /** The text to {@code at}, then the piece, then the text from {@code rest}. */
  private static byte[] join(byte[] text, int at, byte[] piece, int rest) {
    byte[] joined = new byte[at + piece.length + text.length - rest];
    System.arraycopy(text, 0, joined, 0, at);
    System.arraycopy(piece, 0, joined, at, piece.length);
    System.arraycopy(text, rest, joined, at + piece.length, text.length - rest);
    return joined;
  }
}
