package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.Grouping;
import java.time.Duration;
import java.util.List;

/** Reads the settings that merge notifications into one message. */
public final class GroupingReader {

  private static final ChoiceReader<Grouping.By> BY =
      ChoiceReader.of(Grouping.By.values(), Grouping.By::label);
  private static final DurationReader WAIT =
      new DurationReader(Duration.ZERO, Duration.ofMinutes(5));

  private GroupingReader() {}

  /** Reads {@code group_by} and {@code group_wait}. */
  public static Grouping read(Section notify) {
    List<Grouping.By> by =
        notify
            .optional("group_by")
            .flatMap(field -> field.list("a list of labels, like [rule]"))
            .map(items -> DistinctItems.read(items, BY::read))
            .orElse(Grouping.USUAL.by());
    Duration wait = notify.optional("group_wait").flatMap(WAIT::read).orElse(Grouping.USUAL.most());
    return new Grouping(by, wait);
  }
}
