package io.portcurfew.config;

import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.VisibleText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the times of scans: {@code every} or {@code cron}. */
final class ScanReader {

  static final List<String> KEYS = List.of("every", "cron");
  static final DurationReader INTERVAL =
      new DurationReader(Duration.ofSeconds(1), Duration.ofHours(24));

  private static final String EXPECTED_CRON = "a Quartz cron expression like \"0 */5 * * * ?\"";

  private final CronCheck check;

  ScanReader(CronCheck check) {
    this.check = check;
  }

  public Optional<ScanTimes> read(Field field) {
    return Section.of(field, KEYS).flatMap(section -> read(field, section));
  }

  private Optional<ScanTimes> read(Field field, Section section) {
    Optional<Field> every = section.optional("every");
    Optional<Field> cron = section.optional("cron");
    if (every.isPresent() == cron.isPresent()) {
      String found = every.isPresent() ? "both" : section.presentKeys();
      field.wrong("exactly one of every and cron is needed", found, "every or cron", null);
    }
    Optional<ScanTimes> times = every.flatMap(INTERVAL::read).map(ScanTimes.Every::new);
    Optional<ScanTimes> cronTimes = cron.flatMap(this::cron).map(ScanTimes.Cron::new);
    return times.or(() -> cronTimes);
  }

  private Optional<String> cron(Field field) {
    Optional<String> text = TextReader.line(field, 200, EXPECTED_CRON);
    Optional<String> wrong = text.flatMap(check::problem);
    wrong.ifPresent(
        why -> field.wrong("not a cron expression (" + VisibleText.text(why) + ")", EXPECTED_CRON));
    return wrong.isPresent() ? Optional.empty() : text;
  }
}
