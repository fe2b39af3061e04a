package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.LabelsReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the filter of a receiver: the alerts for which it gets notifications. */
final class ReceiverFilterReader {

  static final List<String> KEYS = List.of("send_resolved", "severity", "match");

  private static final ChoiceReader<Boolean> RESOLVED = ChoiceReader.yesOrNo();
  private static final ChoiceReader<Severity> SEVERITY =
      ChoiceReader.of(Severity.values(), Severity::label);

  private ReceiverFilterReader() {}

  public static ReceiverFilter read(Section receiver) {
    boolean resolved = receiver.optional("send_resolved").flatMap(RESOLVED::read).orElse(true);
    Severity atLeast = receiver.optional("severity").flatMap(SEVERITY::read).orElse(Severity.INFO);
    SortedMap<String, String> match =
        receiver.optional("match").map(LabelsReader::readAny).orElse(new TreeMap<>());
    return new ReceiverFilter(resolved, atLeast, match);
  }
}
