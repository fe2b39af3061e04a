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
 * The parts of a listener in short form: a place, then words with a value each. A value with a
 * blank in it stands in double quotes.
 *
 * @param place protocol, address and port
 * @param words by name; the value of one that takes none is empty
 */
public record ShortForm(String place, Map<String, String> words) {

  private static final String NAMESPACE = "in";
  private static final String ALONE = "deleted";
  private static final Map<String, String> KEYS = Map.of("by", "executable", "as", "user");

  public static final List<String> WORDS =
      List.of(NAMESPACE, "by", "as", "unit", "container", "sha256", "package", ALONE);

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
      field.wrong("the parts are not one blank apart, or a quote has no end", EXPECTED);
      return Optional.empty();
    }
    return Optional.of(parts);
  }

  private static Optional<ShortForm> of(Field field, List<String> parts) {
    int words = Math.min(2, parts.size());
    String place = String.join(" ", parts.subList(0, words));
    return words(field, parts.subList(words, parts.size()))
        .map(values -> new ShortForm(place, values));
  }

  private static Optional<Map<String, String>> words(Field field, List<String> parts) {
    Map<String, String> words = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String word = parts.get(i);
      boolean alone = word.equals(ALONE);
      String wrong = whyNot(word, words, !alone && i + 1 == parts.size());
      if (wrong != null) {
        String meant = WORDS.contains(word) ? null : Suggestion.of(word, WORDS).orElse(null);
        field.wrong(wrong, VisibleText.text(word), EXPECTED, meant);
        return Optional.empty();
      }
      words.put(word, alone ? "" : parts.get(++i));
    }
    return Optional.of(words);
  }

  private static @Nullable String whyNot(String word, Map<String, String> before, boolean cut) {
    if (!WORDS.contains(word)) {
      return "unknown word";
    }
    if (before.containsKey(word)) {
      return "the word comes twice";
    }
    return cut ? "nothing follows the word" : null;
  }

  /** The key of a policy that asks for what the word tells. */
  static String key(String word) {
    return KEYS.getOrDefault(word, word);
  }

  Optional<String> word(String name) {
    return Optional.ofNullable(words.get(name));
  }

  boolean has(String name) {
    return words.containsKey(name);
  }

  /** Whether anything is told of the process. */
  boolean hasOwner() {
    return words.keySet().stream().anyMatch(word -> !word.equals(NAMESPACE));
  }
}
