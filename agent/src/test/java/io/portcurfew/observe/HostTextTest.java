package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTextTest {

  static Stream<Arguments> bytes() {
    return Stream.of(
        arguments("plain text", "61 20 7a", "a z"),
        arguments("letters of two and three bytes", "c3 a9 e2 82 ac", "é€"),
        arguments("a letter beyond the first plane", "f0 9f 98 80", "\uD83D\uDE00"),
        arguments("a backslash", "5c 78 32 30", "\\\\x20"),
        arguments("a line end", "61 0a 62", "a\\x0ab"),
        arguments("a tab and a carriage return", "09 0d", "\\x09\\x0d"),
        arguments("NUL", "61 00 62", "a\\x00b"),
        arguments("ESC", "1b 5b 32 4a", "\\x1b[2J"),
        arguments("DEL and the C1 controls", "7f c2 9b", "\\x7f\\xc2\\x9b"),
        arguments("right-to-left override, U+202E", "78 e2 80 ae 79", "x\\xe2\\x80\\xaey"),
        arguments("an isolate, U+2066", "e2 81 a6", "\\xe2\\x81\\xa6"),
        arguments("zero-width space, U+200B", "e2 80 8b", "\\xe2\\x80\\x8b"),
        arguments("line separator, U+2028", "e2 80 a8", "\\xe2\\x80\\xa8"),
        arguments("no-break space, U+00A0", "c2 a0", "\\xc2\\xa0"),
        arguments("private use, U+E000", "ee 80 80", "\\xee\\x80\\x80"),
        arguments("not assigned, U+0378", "cd b8", "\\xcd\\xb8"),
        arguments("byte order mark", "ef bb bf", "\\xef\\xbb\\xbf"),
        arguments("bytes that are never UTF-8", "ff fe c0 c1", "\\xff\\xfe\\xc0\\xc1"),
        arguments("a byte of the middle alone", "80 bf", "\\x80\\xbf"),
        arguments("a sequence that is cut", "61 e2 82", "a\\xe2\\x82"),
        arguments("a sequence that is broken off", "e2 82 61", "\\xe2\\x82a"),
        arguments("an overlong slash of two bytes", "c0 af", "\\xc0\\xaf"),
        arguments("an overlong slash of three bytes", "e0 80 af", "\\xe0\\x80\\xaf"),
        arguments("a surrogate", "ed a0 80", "\\xed\\xa0\\x80"),
        arguments("beyond Unicode", "f4 90 80 80 f5", "\\xf4\\x90\\x80\\x80\\xf5"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bytes")
  void unprintableCharactersAreShownAsBytes(String what, String hex, String shown) {
    byte[] raw = HexFormat.ofDelimiter(" ").parseHex(hex);

    assertThat(HostText.of(raw)).hasToString(shown);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bytes")
  void decodedTextIsShownLikeItsBytes(String what, String hex, String shown) {
    byte[] raw = HexFormat.ofDelimiter(" ").parseHex(hex);
    String decoded = new String(raw, StandardCharsets.UTF_8);

    if (decoded.indexOf('\uFFFD') < 0) {
      assertThat(HostText.of(decoded)).hasToString(shown);
    }
  }

  @Test
  void loneSurrogate_isShownAsBytes() {
    assertThat(HostText.of("a\uD800b")).hasToString("a\\xed\\xa0\\x80b");
    assertThat(HostText.of("\uDC00")).hasToString("\\xed\\xb0\\x80");
  }

  @Test
  void longTextIsCutAndMarked() {
    assertThat(HostText.of("x".repeat(20), 20)).hasToString("x".repeat(20));
    assertThat(HostText.of("x".repeat(21), 20)).hasToString("x".repeat(12) + "...(cut)");
    assertThat(HostText.of("x".repeat(21).getBytes(StandardCharsets.UTF_8), 20))
        .hasToString("x".repeat(12) + "...(cut)");
    assertThat(HostText.of(new byte[100_000]).toString())
        .hasSizeLessThanOrEqualTo(HostText.MOST)
        .endsWith("...(cut)");
  }

  @Test
  void theCutNeverSplitsACharacter() {
    String smile = "\uD83D\uDE00";

    assertThat(HostText.of("x" + smile.repeat(20), 20))
        .hasToString("x" + smile.repeat(5) + "...(cut)");
    assertThat(HostText.of(new byte[] {1, 2, 3, 4, 5, 6}, 20))
        .hasToString("\\x01\\x02\\x03...(cut)");
    assertThat(HostText.of("x" + "\\".repeat(30), 20))
        .hasToString("x" + "\\\\".repeat(5) + "...(cut)");
  }

  static IntStream seeds() {
    return IntStream.range(0, 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void differentBytesNeverLookTheSame(int seed) {
    Random random = new Random(seed);
    Map<String, ByteBuffer> seen = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] raw = likely(random);
      ByteBuffer before = seen.put(HostText.of(raw).toString(), ByteBuffer.wrap(raw));
      if (before != null) {
        assertThat(before).isEqualTo(ByteBuffer.wrap(raw));
      }
    }
  }

  /** Creates short texts of bytes whose escaped forms are similar. */
  private static byte[] likely(Random random) {
    byte[] of = {'\\', 'x', '0', '1', 'b', 'c', '3', 0x1b, (byte) 0xc3, (byte) 0xa9, (byte) 0xed};
    byte[] raw = new byte[random.nextInt(6)];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = of[random.nextInt(of.length)];
    }
    return raw;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noTerminalControlRemains(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] raw = new byte[random.nextInt(40)];
      random.nextBytes(raw);
      String shown = HostText.of(raw, 30).toString();
      assertThat(shown.codePoints().filter(HostTextTest::steers).toArray()).as(shown).isEmpty();
    }
  }

  private static boolean steers(int c) {
    return Character.isISOControl(c)
        || (Character.isWhitespace(c) && c != ' ')
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sshd", "a b", "é"})
  void theSameTextIsEqual(String text) {
    HostText one = HostText.of(text);
    HostText other = HostText.of(text.getBytes(StandardCharsets.UTF_8));

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isEqualByComparingTo(other);
    assertThat(one).isNotEqualTo(HostText.of(text + "!"));
  }
}
