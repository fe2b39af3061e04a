package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.PathPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a container: its id as a text, or names as a mapping of patterns. */
final class ContainerTermReader {

  static final List<String> KEYS =
      List.of("id", "name", "image", "project", "service", "pod", "namespace");

  static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private static final String EXPECTED_ID =
      "names like {name: web-*}, or a container id as shown by scan (at least its first 12"
          + " digits)";
  private static final String PATTERN = "a name or a pattern like web-* (** spans slashes)";

  private ContainerTermReader() {}

  static Optional<ContainerTerm> read(Field field) {
    return field.isMapping()
        ? Section.of(field, KEYS, Map.of()).flatMap(section -> names(field, section))
        : id(field).map(ContainerTerm::ofId);
  }

  private static Optional<String> id(Field field) {
    Optional<String> text = TextReader.line(field, 256, EXPECTED_ID);
    if (text.isPresent() && !ID.matcher(text.get()).matches()) {
      field.wrong("not a container id", EXPECTED_ID);
    }
    return text;
  }

  private static Optional<ContainerTerm> names(Field field, Section section) {
    if (KEYS.stream().noneMatch(key -> section.optional(key).isPresent())) {
      field.wrong(
          "the term has no facts about a container",
          section.presentKeys(),
          "one or more of " + String.join(", ", KEYS),
          null);
      return Optional.empty();
    }
    return Optional.of(
        new ContainerTerm(
            section.optional("id").flatMap(ContainerTermReader::id).orElse(null),
            pattern(section, "name"),
            pattern(section, "image"),
            pattern(section, "project"),
            pattern(section, "service"),
            pattern(section, "pod"),
            pattern(section, "namespace")));
  }

  private static @Nullable PathPattern pattern(Section section, String key) {
    return section.optional(key).flatMap(ContainerTermReader::pattern).orElse(null);
  }

  private static Optional<PathPattern> pattern(Field field) {
    Optional<PathPattern> pattern = TextReader.line(field, 256, PATTERN).map(PathPattern::new);
    if (pattern.filter(read -> !read.isWellFormed()).isPresent()) {
      field.wrong("** matches only whole segments, as in registry.example.org/**", PATTERN);
    }
    return pattern;
  }
}
