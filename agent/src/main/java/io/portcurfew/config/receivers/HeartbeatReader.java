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
 * Reads whom the heartbeat is for; the receiver has to be one of the config, and not PagerDuty,
 * which makes an incident of all that it hears.
 */
public final class HeartbeatReader {

  static final List<String> KEYS = List.of("receiver", "every");

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final DurationReader EVERY =
      new DurationReader(Duration.ofSeconds(10), Duration.ofHours(24));

  private HeartbeatReader() {}

  /**
   * Reads it.
   *
   * @param receivers the names of all receivers, also of those that are wrong elsewhere
   * @param pagers those of them that are PagerDuty
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
                        .filter(name -> isOne(field, name, receivers))
                        .filter(name -> isNoPager(field, name, pagers)));
    Duration every = section.optional("every").flatMap(EVERY::read).orElse(MINUTE);
    return receiver.map(name -> new Heartbeat(name, every));
  }

  private static boolean isOne(Field field, String name, List<String> receivers) {
    boolean known = receivers.contains(name);
    if (!known) {
      // Names that are wrong themselves are among them.
      List<String> shown = receivers.stream().map(VisibleText::text).toList();
      field.wrong(
          "no receiver has this name",
          "one of " + String.join(", ", shown),
          Suggestion.of(name, shown).orElse(null));
    }
    return known;
  }

  private static boolean isNoPager(Field field, String name, List<String> pagers) {
    boolean pager = pagers.contains(name);
    if (pager) {
      field.wrong(
          "PagerDuty would open an incident for a heartbeat", "a receiver that is not pagerduty");
    }
    return !pager;
  }
}
