package io.portcurfew.config.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.portcurfew.config.Examples;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.SourceText;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are made to harm the reader, or that are not text. */
class HostileFilesTest {

  private static final String GOOD = "version: 1\nrules: []\n";

  @Test
  void aByteOrderMarkIsRefused() {
    assertThat(problems(("\uFEFF" + GOOD).getBytes(UTF_8)))
        .containsExactly(
            "p:1:1: the file begins with a byte order mark. Found: the bytes EF BB BF."
                + " Expected: UTF-8 without it.");
  }

  @Test
  void otherEncodingsAreRefusedWhereTheyBegin() {
    assertThat(problems((GOOD + "# caf\u00E9\n").getBytes(ISO_8859_1)))
        .containsExactly(
            "p:3:6: the file is not UTF-8. Found: the byte E9. Expected: text in UTF-8.");
    assertThat(problems(GOOD.getBytes(UTF_16)))
        .containsExactly(
            "p:1:1: the file is not UTF-8. Found: the byte FE. Expected: text in UTF-8.");
  }

  @ParameterizedTest
  @CsvSource({"0000", "0007", "001B", "007F", "0085", "009B", "FEFF", "FFFE"})
  void charactersThatDoNotPrintAreRefused(String hex) {
    String text = GOOD + "# \u00E9" + Character.toString(Integer.parseInt(hex, 16));
    assertThat(problems(text.getBytes(UTF_8)))
        .containsExactly(
            "p:3:4: a character that YAML does not allow. Found: U+"
                + hex
                + ". Expected: printable text.");
  }

  @Test
  void fileAbove256KiB_isRefused() {
    String padding = "#".repeat(256 * 1024 - GOOD.length());
    assertThat(problems((GOOD + padding).getBytes(UTF_8))).isEmpty();
    assertThat(problems((GOOD + padding + "#").getBytes(UTF_8)))
        .containsExactly(
            "p:1:1: the file is too large. Found: more than 256 KiB. Expected: at most 256 KiB.");
  }

  @Test
  void moreThanTwentyLevels_areRefused() {
    assertThat(problems(nested(19).getBytes(UTF_8))).noneMatch(line -> line.contains("too deep"));
    assertThat(problems(nested(20).getBytes(UTF_8))).anyMatch(line -> line.contains("too deep"));
  }

  private static String nested(int lists) {
    return "rules: " + "[".repeat(lists) + "]".repeat(lists) + "\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "{a: ", "- ", "? ", "a: [", "[[],", "!!a ", "&a ", "\"\\n", "{", ":"})
  void repeatedTokensAreRefusedQuickly(String part) {
    byte[] text = part.repeat(SourceText.MOST / part.length()).getBytes(UTF_8);
    List<String> problems = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> problems(text));
    assertThat(problems).isNotEmpty().hasSizeLessThanOrEqualTo(Problems.MOST + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:", "0", "0.", ".", "/", "::", "a-", "://", "@", "1-", "%", "x y "})
  void longRepetitiveValuesAreRefusedQuickly(String part) {
    String value = part.repeat(20_000 / part.length()) + "!";
    String text =
        """
        version: V
        default: V
        rules:
          - {name: V, ports: V, protocol: V, expect: V, because: V, address: V}
          - {name: b, ports: 1, expect: allowed, by: [{executable: /V, user: V}]}
        """;
    byte[] plain = text.replace("V", value).getBytes(UTF_8);
    byte[] quoted = text.replaceAll("/?V", "'$0'").replace("V", value).getBytes(UTF_8);
    List<String> problems =
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> problems(quoted));
    assertThat(problems).hasSizeGreaterThan(5).allMatch(line -> line.length() < 500);
    problems = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> problems(plain));
    assertThat(problems).isNotEmpty().allMatch(line -> line.length() < 500);
  }

  @Test
  void billionLaughsAttackIsRefused() {
    String text =
        "a: &a [lol, lol]\n"
            + IntStream.range(0, 40)
                .mapToObj(i -> "b%d: &b%d [*a, *a, *a, *a, *a, *a, *a, *a]%n".formatted(i, i))
                .collect(Collectors.joining());
    assertThat(problems(text.getBytes(UTF_8)))
        .hasSizeGreaterThan(300)
        .anyMatch(line -> line.contains("an alias is not allowed"));
  }

  @Test
  void problemsAboveTheLimitAreCounted() {
    String text =
        IntStream.range(0, 1500).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());
    List<String> problems = problems(text.getBytes(UTF_8));
    assertThat(problems).hasSize(Problems.MOST + 1);
    assertThat(problems.get(Problems.MOST))
        .endsWith("502 more problems not shown; fix these first.");
  }

  @Test
  void tooManyRulesAreOneProblem() {
    String text = "version: 1\nrules:\n" + "- {}\n".repeat(PolicyReader.MOST_RULES + 1);
    assertThat(problems(text.getBytes(UTF_8)))
        .containsExactly(
            "p:3:1: rules: too many rules. Found: 10001 rules. Expected: at most 10000.");
  }

  @Test
  void aFileNameCannotForgeALine() {
    List<Problem> problems = Examples.problems("policy", "p\n\u001B[2J", new byte[0]);
    assertThat(problems.get(0).toString()).startsWith("p\\x0a\\x1b[2J:1:1: the file is empty.");
  }

  private static List<String> problems(byte[] text) {
    return Examples.problems("policy", "p", text).stream().map(Problem::toString).toList();
  }
}
