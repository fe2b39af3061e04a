package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.VisibleText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A listener in short form: an endpoint, then words, each with a value. A value that contains a
 * space is in double quotes.
 *
 * @param endpoint protocol, address and port
 * @param words values by word; empty for a word without a value
 */
public record ShortForm(String endpoint, Map<String, String> words) {

  private static final String NAMESPACE = "in";
  private static final String DELETED = "deleted";
  private static final Map<String, String> KEYS = Map.of("by", "executable", "as", "user");

  /** All words of the short form. */
  public static final List<String> WORDS =
      List.of(
          NAMESPACE,
          "by",
          "script",
          "as",
          "unit",
          "container",
          "image",
          "project",
          "service",
          "pod",
          "sha256",
          "package",
          DELETED);

  private static final String EXPECTED =
      "a listener like tcp 0.0.0.0:611 by /usr/bin/nc as root; the words are "
          + String.join(", ", WORDS);
  private static final int LONGEST = 8192;
  private static final Pattern PART = Pattern.compile("\\G(?:\"([^\"]+)\"|([^\\s\"]+))(?: |$)");

  public ShortForm {
    words = Map.copyOf(words);
  }

  static Optional<ShortForm> read(Field field) {
    return TextReader.line(field, LONGEST, EXPECTED)
        .flatMap(text -> parts(field, text))
        .flatMap(parts -> of(field, parts));
  }

  private static Optional<List<String>> parts(Field field, String text) {
    List<String> parts = new ArrayList<>();
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      parts.add(part.group(1) == null ? part.group(2) : part.group(1));
      end = part.end();
    }
    if (end < text.length() || text.endsWith(" ")) {
      field.wrong(
          "the parts are not separated by single spaces, or a quote is not closed", EXPECTED);
      return Optional.empty();
    }
    return Optional.of(parts);
  }

  private static Optional<ShortForm> of(Field field, List<String> parts) {
    int words = Math.min(2, parts.size());
    String endpoint = String.join(" ", parts.subList(0, words));
    return words(field, parts.subList(words, parts.size()))
        .map(values -> new ShortForm(endpoint, values));
  }

  private static Optional<Map<String, String>> words(Field field, List<String> parts) {
    Map<String, String> words = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String word = parts.get(i);
      boolean isFlag = word.equals(DELETED);
      String wrong = problem(word, words, !isFlag && i + 1 == parts.size());
      if (wrong != null) {
        String meant = WORDS.contains(word) ? null : Suggestion.of(word, WORDS).orElse(null);
        field.wrong(wrong, VisibleText.text(word), EXPECTED, meant);
        return Optional.empty();
      }
      words.put(word, isFlag ? "" : parts.get(++i));
    }
    return Optional.of(words);
  }

  private static @Nullable String problem(String word, Map<String, String> before, boolean cut) {
    if (!WORDS.contains(word)) {
      return "unknown word";
    }
    if (before.containsKey(word)) {
      return "duplicate word";
    }
    return cut ? "the word has no value" : null;
  }

  /** The policy key that corresponds to a word. */
  static String key(String word) {
    return KEYS.getOrDefault(word, word);
  }

  Optional<String> word(String name) {
    return Optional.ofNullable(words.get(name));
  }

  boolean has(String name) {
    return words.containsKey(name);
  }

  /** True if the form describes the owner. */
  boolean hasOwner() {
    return words.keySet().stream().anyMatch(word -> !word.equals(NAMESPACE));
  }
}
