package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.LabelsReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the settings of a rule for the notification of its findings. */
final class NotifySettingsReader {

  static final List<String> KEYS = List.of("severity", "because", "for", "labels", "runbook");

  private static final int LONGEST_BECAUSE = 500;
  private static final ChoiceReader<Severity> SEVERITY =
      ChoiceReader.of(Severity.values(), Severity::label);
  private static final DurationReader HOLD =
      new DurationReader(Duration.ZERO, Duration.ofHours(24));

  private NotifySettingsReader() {}

  /** Reads severity, reason, hold time, labels and runbook. */
  public static NotifySettings read(Section rule) {
    Severity severity = rule.optional("severity").flatMap(SEVERITY::read).orElse(Severity.WARNING);
    Optional<String> because = rule.optional("because").flatMap(NotifySettingsReader::because);
    Optional<Duration> holdFor = rule.optional("for").flatMap(HOLD::read);
    SortedMap<String, String> labels =
        rule.optional("labels")
            .map(field -> LabelsReader.read(field, AlertLabels.OWN))
            .orElse(new TreeMap<>());
    Optional<URI> runbook = rule.optional("runbook").flatMap(RunbookReader::read);
    return new NotifySettings(
        severity, because.orElse(null), holdFor.orElse(null), labels, runbook.orElse(null));
  }

  private static Optional<String> because(Field field) {
    return TextReader.line(field, LONGEST_BECAUSE, "the reason, in one line");
  }
}
