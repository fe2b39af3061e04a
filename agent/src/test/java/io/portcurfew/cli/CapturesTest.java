package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.portcurfew.json.JsonText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The captures of two {@code cases.json}: forms from public reports, with our own rows. Each case
 * has the expected listeners with their pids (none: any) and exit statuses, and some cases have a
 * second valid result.
 */
class CapturesTest {

  private static final String FOLDER = "/io/portcurfew/observe/command/";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyCaptureGivesOneOfItsRightAnswers() throws Exception {
    return cases("captures/");
  }

  /** As people paste and collect them; {@code gap} is a part of a gap that must be named. */
  @TestFactory
  Stream<DynamicTest> everyCollectedCaptureGivesItsRightAnswer() throws Exception {
    return cases("collected/");
  }

  private Stream<DynamicTest> cases(String of) throws Exception {
    String json = Files.readString(file(of + "cases.json"));
    return ((List<?>) JsonText.values(json).get(0))
        .stream()
            .map(one -> (Map<?, ?>) one)
            .map(one -> dynamicTest(String.valueOf(one.get("name")), () -> holds(of, one)));
  }

  private void holds(String of, Map<?, ?> one) throws IOException, URISyntaxException {
    Path capture = file(of + one.get("file"));
    JudgeRun judged = JudgeRun.of(folder, String.valueOf(one.get("format")), capture);
    List<Map<?, ?>> answers = new ArrayList<>(List.of(one));
    if (one.get("or") instanceof Map<?, ?> other) {
      answers.add(other);
    }
    assertThat(answers)
        .as("listeners %s, status %d, %s", judged.listeners(), judged.status(), judged.gaps())
        .anyMatch(answer -> fits(answer, judged));
    if (one.get("gap") instanceof String gap) {
      assertThat(judged.gaps()).anyMatch(why -> why.contains(gap));
    }
  }

  private static boolean fits(Map<?, ?> answer, JudgeRun judged) {
    List<String> got = judged.listeners();
    List<?> expected = list(answer.get("expected"));
    return list(answer.get("expected_exit")).contains((long) judged.status())
        && expected.size() == got.size()
        && expected.stream().map(one -> (Map<?, ?>) one).allMatch(one -> isAmong(one, got));
  }

  private static boolean isAmong(Map<?, ?> expected, List<String> got) {
    String endpoint =
        expected.get("protocol") + " " + expected.get("address") + " " + expected.get("port") + " ";
    TreeSet<Long> pids =
        list(expected.get("pid")).stream()
            .map(Long.class::cast)
            .collect(Collectors.toCollection(TreeSet::new));
    return pids.isEmpty()
        ? got.stream().anyMatch(listener -> listener.startsWith(endpoint))
        : got.contains(endpoint + pids);
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  private static Path file(String name) throws URISyntaxException {
    String path = FOLDER + name;
    return Path.of(Objects.requireNonNull(CapturesTest.class.getResource(path), path).toURI());
  }
}
