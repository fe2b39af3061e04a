package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.notify.message.TemplateCheck.Fault;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.observe.HostText;
import java.util.List;
import java.util.Optional;

/** Reads templates and renders each once, so that a mistake shows when the config is loaded. */
final class TemplateReader {

  private static final int MOST_SHOWN = 100;
  private static final String EXPECTED = "text like \"{{severity}}: {{summary}}\"";

  private TemplateReader() {}

  /** The section {@code template}; empty if it is absent or has no template. */
  static Optional<Section> section(Section receiver, List<String> keys) {
    Optional<Field> field = receiver.optional("template");
    Optional<Section> section = field.flatMap(present -> Section.of(present, keys));
    boolean empty = section.isPresent() && keys.stream().allMatch(key -> isMissing(section, key));
    if (empty) {
      field.ifPresent(
          present ->
              present.wrong(
                  "the template is missing",
                  section.map(Section::presentKeys).orElse(""),
                  String.join(", ", keys),
                  null));
    }
    return section;
  }

  private static boolean isMissing(Optional<Section> section, String key) {
    return section.flatMap(present -> present.optional(key)).isEmpty();
  }

  /** Reads a section that has only one key. */
  static Optional<TextTemplate> only(Section receiver, List<String> onlyKey) {
    return section(receiver, onlyKey)
        .flatMap(section -> section.optional(onlyKey.get(0)))
        .flatMap(TemplateReader::read);
  }

  /** Reads one template; adds a problem and returns nothing if it is not valid. */
  public static Optional<TextTemplate> read(Field field) {
    return TextReader.lines(field, TextTemplate.MOST, EXPECTED)
        .filter(text -> isValid(field, text))
        .map(TextTemplate::of);
  }

  private static boolean isValid(Field field, String text) {
    Optional<Fault> fault = TextTemplate.fault(text);
    fault.ifPresent(
        wrong ->
            field.wrong(
                wrong.what(),
                HostText.of(wrong.found(), MOST_SHOWN).toString(),
                wrong.expected(),
                Suggestion.of(wrong.found(), TextTemplate.NAMES).orElse(null)));
    return fault.isEmpty();
  }
}
