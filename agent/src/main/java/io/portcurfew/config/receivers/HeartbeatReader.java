package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.VisibleText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads the heartbeat. Its receiver must be one of the config, but not PagerDuty, which opens an
 * incident for every event.
 */
public final class HeartbeatReader {

  static final List<String> KEYS = List.of("receiver", "every");

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final DurationReader EVERY =
      new DurationReader(Duration.ofSeconds(10), Duration.ofHours(24));

  private HeartbeatReader() {}

  /**
   * Reads the section.
   *
   * @param receivers the names of all receivers, also of invalid ones
   * @param pagers the names of the PagerDuty receivers
   */
  public static Optional<Heartbeat> read(Field field, List<String> receivers, List<String> pagers) {
    return Section.of(field, KEYS).flatMap(section -> read(section, receivers, pagers));
  }

  private static Optional<Heartbeat> read(
      Section section, List<String> receivers, List<String> pagers) {
    Optional<String> receiver =
        section
            .required("receiver")
            .flatMap(
                field ->
                    TextReader.name(field)
                        .filter(name -> isKnown(field, name, receivers))
                        .filter(name -> isNotPager(field, name, pagers)));
    Duration every = section.optional("every").flatMap(EVERY::read).orElse(MINUTE);
    return receiver.map(name -> new Heartbeat(name, every));
  }

  private static boolean isKnown(Field field, String name, List<String> receivers) {
    boolean known = receivers.contains(name);
    if (!known) {
      // Some of these names may be invalid themselves.
      List<String> shown = receivers.stream().map(VisibleText::text).toList();
      field.wrong(
          "no receiver has this name",
          "one of " + String.join(", ", shown),
          Suggestion.of(name, shown).orElse(null));
    }
    return known;
  }

  private static boolean isNotPager(Field field, String name, List<String> pagers) {
    boolean pager = pagers.contains(name);
    if (pager) {
      field.wrong(
          "PagerDuty would open an incident for a heartbeat", "a receiver that is not pagerduty");
    }
    return !pager;
  }
}
