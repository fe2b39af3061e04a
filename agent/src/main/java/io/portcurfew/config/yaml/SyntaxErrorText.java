package io.portcurfew.config.yaml;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Rewrites a syntax error of the YAML engine as a problem. */
final class SyntaxErrorText {

  /**
   * The text for one kind of mistake.
   *
   * @param part a part of the engine's message
   * @param fromStart true if the mistake is at the start of the construct, not where parsing failed
   * @param found {@code null} for the character at which parsing failed
   */
  private record Rewrite(
      String part, boolean fromStart, String what, @Nullable String found, String expected) {}

  private static final List<Rewrite> KNOWN =
      List.of(
          new Rewrite("\\t(TAB)", false, "a tab where only spaces are allowed", "a tab", "spaces"),
          new Rewrite(
              "cannot start any token",
              false,
              "a value begins with a character that YAML reserves",
              null,
              "the value in quotes"),
          new Rewrite(
              "unexpected character found",
              true,
              "* or & begins an alias or an anchor",
              null,
              "a value, in quotes if it begins with * or &"),
          new Rewrite(
              "mapping values are not allowed",
              false,
              "a colon where YAML allows no key",
              null,
              "one key and value per line, and quotes around text that contains a colon"),
          new Rewrite(
              "unexpected end of stream",
              true,
              "a quote is not closed",
              "the end of the file",
              "the closing quote"),
          new Rewrite(
              "<stream end>",
              true,
              "a bracket is not closed",
              "the end of the file",
              "the closing bracket"),
          new Rewrite(
              "expected <block end>",
              false,
              "the indentation does not match the lines above",
              null,
              "the indentation of its neighbours, and quotes around the whole text"),
          new Rewrite(
              "expected ',' or",
              false,
              "a syntax error in brackets",
              null,
              "a comma or the closing bracket"),
          new Rewrite("expected ':'", true, "a key has no colon", "no colon", "key: value"),
          new Rewrite(
              "the node content",
              false,
              "a value is missing here, or needs quotes",
              null,
              "a value, in quotes if it begins with : , [ ] { or }"),
          new Rewrite(
              "are not allowed here",
              false,
              "a list or a key begins at a wrong place",
              null,
              "a line of its own"),
          new Rewrite(
              "escape",
              false,
              "an unknown escape",
              null,
              "single quotes, or \\\\ for a backslash"));

  private static final Rewrite OTHER = new Rewrite("", false, "not valid YAML", null, "YAML 1.2");

  private SyntaxErrorText() {}

  /** Adds the problem, at {@code reached} if the engine gives no position. */
  static void add(
      MarkedYamlEngineException error, String text, Position reached, Problems problems) {
    String said = String.valueOf(error.getProblem());
    Rewrite rewrite = KNOWN.stream().filter(w -> said.contains(w.part())).findFirst().orElse(OTHER);
    Optional<Mark> end = error.getProblemMark();
    Optional<Mark> mark = error.getContextMark().filter(start -> rewrite.fromStart()).or(() -> end);
    problems.add(
        mark.map(Position::of).orElse(reached),
        null,
        rewrite.what(),
        rewrite.equals(OTHER) ? VisibleText.text(said) : found(rewrite, mark, text),
        rewrite.expected());
  }

  private static String found(Rewrite rewrite, Optional<Mark> mark, String text) {
    return rewrite.found() != null
        ? rewrite.found()
        : mark.map(at -> character(text, at.getIndex())).orElse("an unknown character");
  }

  /** Shows only one character: more could reveal a secret. */
  private static String character(String text, int index) {
    int[] found = text.codePoints().skip(index).limit(1).toArray();
    if (found.length == 0) {
      return "the end of the file";
    }
    return switch (found[0]) {
      case '\n', '\r' -> "the end of the line";
      case '\t' -> "a tab";
      default -> VisibleText.text(Character.toString(found[0]));
    };
  }
}
