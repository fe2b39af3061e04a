package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.policy.RuleEvidence;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the facts about a rule that an auditor asks for. */
final class EvidenceReader {

  static final List<String> KEYS = List.of("controls", "approved_by");

  private static final int MOST = 16;
  private static final int LONGEST = 81;
  private static final int LONGEST_APPROVAL = 200;
  private static final String EXPECTED = "a list of controls like [cis-debian12:2.1.22]";
  private static final Pattern CONTROL =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}:[A-Za-z0-9][A-Za-z0-9().-]{0,39}");

  private EvidenceReader() {}

  static RuleEvidence read(Section rule) {
    List<String> controls =
        rule.optional("controls").map(EvidenceReader::controls).orElse(List.of());
    Optional<String> approvedBy =
        rule.optional("approved_by")
            .flatMap(
                field ->
                    TextReader.line(field, LONGEST_APPROVAL, "a person or a ticket, in one line"));
    return new RuleEvidence(controls, approvedBy.orElse(null));
  }

  private static List<String> controls(Field field) {
    List<Field> items = field.list(EXPECTED).orElse(List.of());
    if (items.size() > MOST) {
      field.wrong("too many controls", items.size() + " controls", "at most " + MOST, null);
      return List.of();
    }
    return items.stream().flatMap(item -> control(item).stream()).toList();
  }

  private static Optional<String> control(Field item) {
    String expected = "a catalogue, a colon and a number, like pci-dss:2.2.4";
    return TextReader.line(item, LONGEST, expected)
        .filter(
            text -> {
              boolean fits = CONTROL.matcher(text).matches();
              if (!fits) {
                item.wrong("not a control", expected);
              }
              return fits;
            });
  }
}
