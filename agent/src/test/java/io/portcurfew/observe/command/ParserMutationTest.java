package io.portcurfew.observe.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import io.portcurfew.tags.InjectedFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Gives damaged rows to every parser. The rows come from the captures in the folder of each format
 * beside this class (a new {@code .txt} there is used too). The system property {@code
 * portcurfew.mutations} sets the number of damaged lines per format, 50,000 by default; {@code
 * src/bench/mutate.sh} uses 1,000,000 with a heap of 64 MiB.
 *
 * <p>To find the fault of a parser that fails here, run the seed in the name of the failing test;
 * the message contains the failing text with escaped bytes.
 */
@InjectedFault
class ParserMutationTest {

  private static final int LINES_A_TEXT = 10;
  private static final int SEEDS = 5;
  private static final Duration HANG = Duration.ofMinutes(5);

  @TestFactory
  Stream<DynamicTest> damagedText_addsNoListeners() {
    int lines = Integer.getInteger("portcurfew.mutations", 50_000);
    return Arrays.stream(Format.values())
        .filter(format -> !rows(format).isEmpty())
        .flatMap(
            format ->
                Stream.iterate(1, seed -> seed <= SEEDS, seed -> seed + 1)
                    .map(
                        seed ->
                            dynamicTest(
                                format.label() + ", seed " + seed + ", " + lines / SEEDS + " lines",
                                () ->
                                    assertTimeoutPreemptively(
                                        HANG, () -> damage(format, seed, lines / SEEDS)))));
  }

  @Test
  void everyFormatHasRowsToDamage() {
    assertThat(List.of(Format.LSOF, Format.LSOF_FIELDS, Format.SS))
        .allSatisfy(format -> assertThat(rows(format)).hasSizeGreaterThan(10));
  }

  /** Runs the same without JUnit for {@code src/bench/mutate.sh} and prints the time. */
  public static void main(String[] args) {
    int lines = Integer.getInteger("portcurfew.mutations", 1_000_000);
    for (Format format : Format.values()) {
      long start = System.nanoTime();
      for (int seed = 1; seed <= SEEDS && !rows(format).isEmpty(); seed++) {
        damage(format, seed, lines / SEEDS);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      String summary = rows(format).isEmpty() ? "no rows to damage" : lines + " damaged lines";
      System.out.printf(Locale.ROOT, "%-16s %s, %.1f s%n", format.label(), summary, seconds);
    }
  }

  private static void damage(Format format, int seed, int lines) {
    Mutations mutations = new Mutations(seed, rows(format));
    for (int done = 0; done < lines; done += LINES_A_TEXT) {
      byte[] text = mutations.next(LINES_A_TEXT);
      try {
        check(format.parse("test", text));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(format.label() + ", seed " + seed + ", on " + visible(text), e);
      }
    }
  }

  private static void check(View view) {
    boolean hiding = view.gaps().stream().anyMatch(Gap::hidesListeners);
    if (view.complete() ? hiding : !hiding) {
      throw new AssertionError("complete is " + view.complete() + " with " + view.gaps());
    }
    if (view.gaps().size() > Gap.What.values().length * (ViewBuilder.MOST_SHOWN + 2)) {
      throw new AssertionError(view.gaps().size() + " gaps");
    }
    view.gaps().forEach(ParserMutationTest::check);
    view.listeners().forEach(listener -> check(listener.toString()));
    if (view.listeners().stream().anyMatch(listener -> !listener.seenBy().contains("test"))) {
      throw new AssertionError("a listener that the source did not see");
    }
  }

  private static void check(Gap gap) {
    check(gap.why());
    if (gap.why().length() > 250) {
      throw new AssertionError("a gap of " + gap.why().length() + " characters");
    }
  }

  /** True for printable characters only: text from the host is escaped. */
  private static void check(String shown) {
    for (int at = 0; at < shown.length(); at++) {
      char c = shown.charAt(at);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        throw new AssertionError("not printable at " + at + ": " + visible(ByteText.raw(shown)));
      }
    }
  }

  private static String visible(byte[] text) {
    return HostText.of(text).toString();
  }

  private static List<byte[]> rows(Format format) {
    URL folder = ParserMutationTest.class.getResource(format.label());
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> captures = Files.list(Path.of(folder.toURI()))) {
      return captures
          .filter(path -> path.toString().endsWith(".txt"))
          .sorted()
          .flatMap(path -> Mutations.lines(bytes(path)).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
