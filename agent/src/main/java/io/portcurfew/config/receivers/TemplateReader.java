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

/** Reads words of the operator's own, and tries them out, so that none fails in the night. */
final class TemplateReader {

  private static final int MOST_SHOWN = 100;
  private static final String EXPECTED = "text like \"{{severity}}: {{summary}}\"";

  private TemplateReader() {}

  /** The section in which they stand; nothing where it is left out or says nothing. */
  static Optional<Section> section(Section receiver, List<String> keys) {
    Optional<Field> field = receiver.optional("template");
    Optional<Section> section = field.flatMap(there -> Section.of(there, keys));
    boolean empty = section.isPresent() && keys.stream().allMatch(key -> isMissing(section, key));
    if (empty) {
      field.ifPresent(
          there ->
              there.wrong(
                  "the template is missing",
                  section.map(Section::keysThere).orElse(""),
                  String.join(", ", keys),
                  null));
    }
    return section;
  }

  private static boolean isMissing(Optional<Section> section, String key) {
    return section.flatMap(there -> there.optional(key)).isEmpty();
  }

  /** The only key that the section has. */
  static Optional<TextTemplate> only(Section receiver, List<String> onlyKey) {
    return section(receiver, onlyKey)
        .flatMap(section -> section.optional(onlyKey.get(0)))
        .flatMap(TemplateReader::read);
  }

  public static Optional<TextTemplate> read(Field field) {
    return TextReader.lines(field, TextTemplate.MOST, EXPECTED)
        .filter(text -> isFit(field, text))
        .map(TextTemplate::of);
  }

  private static boolean isFit(Field field, String text) {
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
