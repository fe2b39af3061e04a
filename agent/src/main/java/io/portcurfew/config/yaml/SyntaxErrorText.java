package io.portcurfew.config.yaml;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in our words what the YAML engine says of a syntax error. */
final class SyntaxErrorText {

  /**
   * What we say of one kind of mistake.
   *
   * @param part what the engine's message holds
   * @param fromStart whether the mistake is where the construct begins, not where it failed
   * @param found {@code null}: the character where it failed
   */
  private record Words(
      String part, boolean fromStart, String what, @Nullable String found, String expected) {}

  private static final List<Words> KNOWN =
      List.of(
          new Words("\\t(TAB)", false, "a tab where only spaces may stand", "a tab", "spaces"),
          new Words(
              "cannot start any token",
              false,
              "a value begins with a character that YAML keeps for itself",
              null,
              "the value in quotes"),
          new Words(
              "unexpected character found",
              true,
              "* or & begins an alias or an anchor",
              null,
              "a value; text that begins with * or & in quotes"),
          new Words(
              "mapping values are not allowed",
              false,
              "a colon where no key can stand",
              null,
              "one key and its value a line, and text that holds a colon in quotes"),
          new Words(
              "unexpected end of stream",
              true,
              "a quote is opened and never closed",
              "the end of the file",
              "the closing quote"),
          new Words(
              "<stream end>",
              true,
              "a bracket is opened and never closed",
              "the end of the file",
              "the closing bracket"),
          new Words(
              "expected <block end>",
              false,
              "this does not fit what stands above it",
              null,
              "the same indentation as the keys or items beside it, and text whole in quotes"),
          new Words(
              "expected ',' or",
              false,
              "what stands in brackets is not written right",
              null,
              "a comma or the closing bracket"),
          new Words("expected ':'", true, "a key has no colon", "no colon", "key: value"),
          new Words(
              "the node content",
              false,
              "a value is missing here, or needs quotes",
              null,
              "a value; text that begins with : , [ ] { or } in quotes"),
          new Words(
              "are not allowed here",
              false,
              "a list or a key begins where none can",
              null,
              "a line of its own"),
          new Words(
              "escape",
              false,
              "an escape that YAML does not know",
              null,
              "text in single quotes, or \\\\ for a backslash"));

  private static final Words OTHER = new Words("", false, "this is not YAML", null, "YAML 1.2");

  private SyntaxErrorText() {}

  /** Adds the problem; {@code reached} is its place where the engine does not tell one. */
  static void tell(
      MarkedYamlEngineException error, String text, Position reached, Problems problems) {
    String said = String.valueOf(error.getProblem());
    Words words = KNOWN.stream().filter(w -> said.contains(w.part())).findFirst().orElse(OTHER);
    Optional<Mark> end = error.getProblemMark();
    Optional<Mark> mark = error.getContextMark().filter(start -> words.fromStart()).or(() -> end);
    problems.add(
        mark.map(Position::of).orElse(reached),
        null,
        words.what(),
        words.equals(OTHER) ? VisibleText.text(said) : found(words, mark, text),
        words.expected());
  }

  private static String found(Words words, Optional<Mark> mark, String text) {
    return words.found() != null
        ? words.found()
        : mark.map(at -> character(text, at.getIndex())).orElse("what stands here");
  }

  /** One character tells enough, and cannot give away a secret. */
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
