package io.portcurfew.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of the documents that need no command to run. */
class DocsTest {

  private static final Path TESTS = Path.of("src/test/java");

  /** Marks that say how a console block is checked: {@link DocsCommandsTest}, {@code DocsIT}. */
  private static final Pattern CHECKED = Pattern.compile("run|live|shown: .{10,}");

  static List<Page> pages() {
    return Page.all();
  }

  @Test
  void readmeHasAtMost150Lines() {
    assertThat(Page.of(Page.ROOT.resolve("README.md")).text().lines().count())
        .isLessThanOrEqualTo(150);
  }

  @Test
  void readmeNamesEveryPage() throws IOException {
    try (Stream<Path> docs = Files.list(Page.ROOT.resolve("agent/docs"))) {
      assertThat(Page.of(Page.ROOT.resolve("README.md")).links())
          .containsAll(
              docs.map(page -> "agent/docs/" + page.getFileName())
                  .filter(name -> name.endsWith(".md"))
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Page page) {
    for (String link : page.links()) {
      if (link.matches("https?://.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target =
          parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s links to %s", page, link).exists();
      if (parts.length == 2) {
        assertThat(Page.of(target).anchors()).as("%s links to %s", page, link).contains(parts[1]);
      }
    }
  }

  private static final Pattern REPOSITORY_PATH =
      Pattern.compile(
          "(?<![\\w./-])((?:agent/(?:src|docs)|config|systemd|launchd|\\.github|\\.ci)/[\\w./-]*\\w)");

  @ParameterizedTest
  @MethodSource("pages")
  void everyNamedFileExists(Page page) {
    for (String path : found(REPOSITORY_PATH, page.text())) {
      assertThat(Page.ROOT.resolve(path)).as("%s names %s", page, path).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyConsoleBlockIsCheckedOrExplained(Page page) {
    assertThat(page.blocks("console"))
        .as(page.toString())
        .allSatisfy(block -> assertThat(block.mark()).as(block.body()).matches(CHECKED));
  }

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(portcurfew_\\w+)` \\| (\\w+) \\|([^|]*)\\|");

  /** Name, type and labels of each metric as in the golden text that MetricsTest compares. */
  private static Set<String> exposed() throws IOException {
    String golden =
        Files.readString(Path.of("src/test/resources/io/portcurfew/metrics/metrics.txt"));
    TreeMap<String, Set<String>> labels = new TreeMap<>();
    Pattern series = Pattern.compile("(?m)^(portcurfew_\\w+?)(?:_bucket|_sum|_count)?(\\{.*\\})? ");
    series
        .matcher(golden)
        .results()
        .forEach(
            match -> {
              Set<String> names = labels.computeIfAbsent(match.group(1), name -> new TreeSet<>());
              if (match.group(2) != null) {
                names.addAll(found(Pattern.compile("(\\w+)=\"(?!Inf)"), match.group(2)));
              }
            });
    return Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$")
        .matcher(golden)
        .results()
        .map(
            match ->
                row(
                    match.group(1),
                    match.group(2),
                    labels.getOrDefault(match.group(1), Set.of()).stream()
                        .filter(label -> !label.equals("le"))
                        .map(label -> "`" + label + "`")
                        .collect(Collectors.joining(", "))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String row(String name, String type, String labels) {
    return (name + " " + type + " " + labels.strip()).strip();
  }

  @Test
  void everyMetricIsDocumentedWithTypeAndLabels() throws IOException {
    Page page = Page.of(Page.ROOT.resolve("agent/docs/metrics.md"));
    Set<String> rows = new TreeSet<>();
    ROW.matcher(page.text())
        .results()
        .filter(match -> !ONLY_LATER.contains(match.group(1)))
        .forEach(match -> rows.add(row(match.group(1), match.group(2), match.group(3))));
    assertThat(rows).isEqualTo(exposed());
  }

  /** Registered by an event that the golden text leaves out. */
  private static final Set<String> ONLY_LATER = Set.of("portcurfew_alerts_not_followed");

  @Test
  void everyMetricOfTheSourceIsDocumented() throws IOException {
    Path package_ = Path.of("src/main/java/io/portcurfew/metrics");
    Pattern name = Pattern.compile("\"(portcurfew[._][a-z._]+)\"");
    Set<String> registered = new TreeSet<>();
    try (Stream<Path> files = Files.list(package_)) {
      for (Path file : files.toList()) {
        registered.addAll(found(name, Files.readString(file)));
      }
    }
    String page = Page.of(Page.ROOT.resolve("agent/docs/metrics.md")).text();
    assertThat(registered).hasSizeGreaterThan(25).contains("portcurfew_alerts_not_followed");
    assertThat(registered)
        .allSatisfy(one -> assertThat(page).contains("`" + one.replace('.', '_')));
  }

  private static final Pattern DECISION =
      Pattern.compile("(?m)^(?:- |\\| )\\*\\*(\\d+)\\*\\*(?:,| \\|) \\d{4}-\\d\\d-\\d\\d");

  @Test
  void decisionsHaveAUniqueNumberAndADate() {
    String text = Page.of(Page.ROOT.resolve("agent/decisions.md")).text();
    List<String> numbers = found(DECISION, text);
    assertThat(numbers).doesNotHaveDuplicates().hasSizeGreaterThan(150);
    assertThat(text.lines().filter(line -> line.startsWith("- ")))
        .allMatch(line -> DECISION.matcher(line).lookingAt());
  }

  @Test
  void decisionsAndContributingNameTestsThatExist() throws IOException {
    Pattern test = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Bench))\\b");
    Set<String> there;
    try (Stream<Path> files = Files.walk(TESTS)) {
      there =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }
    for (String page : List.of("agent/decisions.md", ".github/CONTRIBUTING.md")) {
      List<String> named = found(test, Page.of(Page.ROOT.resolve(page)).text());
      assertThat(named).as(page).isNotEmpty();
      assertThat(there).as(page).containsAll(named);
    }
  }

  @Test
  void decisionsNameTestMethodsThatExist() throws IOException {
    String decisions = Page.of(Page.ROOT.resolve("agent/decisions.md")).text();
    List<MatchResult> named =
        Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`").matcher(decisions).results().toList();
    assertThat(named).isNotEmpty();
    for (MatchResult one : named) {
      try (Stream<Path> files = Files.walk(TESTS)) {
        Path file = files.filter(each -> each.endsWith(one.group(1) + ".java")).findFirst().get();
        assertThat(Files.readString(file)).contains(" void " + one.group(2) + "(");
      }
    }
  }

  static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(DocsTest::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }
}
