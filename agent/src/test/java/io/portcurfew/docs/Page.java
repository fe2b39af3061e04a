package io.portcurfew.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Markdown document of the repository, with its blocks and links. */
record Page(Path file, String text) {

  /** The root of the repository; tests run in the folder of the module. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?m)(?:^<!-- (?<mark>.*) -->\\n)?^```(?<language>[a-z]*)\\n(?<body>(?:.*\\n)*?)^```$");

  private static final Pattern BEFORE = Pattern.compile("(?m)^<!-- before: (.*) -->$");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");

  /**
   * A fenced block.
   *
   * @param mark the comment on the line before it, such as {@code run} or {@code file: a.yaml}
   * @param language the language of the fence
   * @param body the text between the fences
   * @param start the offset of the body in the page
   */
  record Block(String mark, String language, String body, int start) {

    /** The value of a mark {@code key: value}; empty if the mark has another key. */
    String value(String key) {
      return mark.startsWith(key + ": ") ? mark.substring(key.length() + 2) : "";
    }
  }

  /** Commands that prepare the host for the blocks after them, hidden from the reader. */
  record Before(String commands, int start) {}

  static Page of(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The README, the pages below {@code agent} and {@code .github}. */
  static List<Page> all() {
    try (Stream<Path> agent = Files.list(ROOT.resolve("agent"));
        Stream<Path> docs = Files.walk(ROOT.resolve("agent/docs"));
        Stream<Path> github = Files.walk(ROOT.resolve(".github"))) {
      return Stream.of(Stream.of(ROOT.resolve("README.md")), agent, docs, github)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String mark = matcher.group("mark");
      blocks.add(
          new Block(
              mark == null ? "" : mark,
              matcher.group("language"),
              matcher.group("body"),
              matcher.start("body")));
    }
    return blocks;
  }

  List<Block> blocks(String language) {
    return blocks().stream().filter(block -> block.language().equals(language)).toList();
  }

  List<Before> preparations() {
    return BEFORE.matcher(text).results().map(m -> new Before(m.group(1), m.start())).toList();
  }

  /** The targets of all links outside of code. */
  List<String> links() {
    String prose = BLOCK.matcher(text).replaceAll("").replaceAll("`[^`\\n]*`", "code");
    return LINK.matcher(prose).results().map(match -> match.group(1)).toList();
  }

  /** The anchors that GitHub makes of the headings. */
  Set<String> anchors() {
    return HEADING
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(match -> match.group(1).toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** Writes the page with other bodies of some blocks. */
  void rewrite(Map<Block, ? extends CharSequence> bodies) throws IOException {
    StringBuilder changed = new StringBuilder(text);
    // From the last block to the first, so that offsets stay true.
    bodies.keySet().stream()
        .sorted(Comparator.comparingInt(Block::start).reversed())
        .forEach(
            block ->
                changed.replace(
                    block.start(),
                    block.start() + block.body().length(),
                    bodies.get(block).toString()));
    if (!changed.toString().equals(text)) {
      Files.writeString(file, changed);
    }
  }

  @Override
  public String toString() {
    return ROOT.relativize(file.toAbsolutePath().normalize()).toString();
  }
}
