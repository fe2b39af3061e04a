package io.portcurfew.notify;

import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The notifications that are sent in one message, so that a restart is one message and not two.
 *
 * @param by notifications with equal values of these labels are sent in one message
 * @param most how long the first of a group waits for others; zero for no grouping
 */
public record Grouping(List<By> by, Duration most) {

  /** No grouping: each notification is sent at once. */
  public static final Grouping NONE = new Grouping(List.of(), Duration.ZERO);

  /** The default of the config. */
  public static final Grouping USUAL = new Grouping(List.of(By.RULE), Duration.ofSeconds(5));

  /**
   * A label for grouping. It stays the same as long as an alert lives, so the notifications of an
   * alert keep their order.
   */
  public enum By {
    RULE,
    ALERTNAME,
    PROTOCOL,
    PORT,
    ADDRESS,
    NAMESPACE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name of the label. */
    public String label() {
      return label;
    }
  }

  public Grouping {
    by = List.copyOf(by);
  }

  /** True if it may wait: critical notifications and summaries do not. */
  boolean holds(Notification one) {
    return !most.isZero()
        && one.summary() == null
        && one.alert().finding().severity() != Severity.CRITICAL;
  }

  /**
   * The group of the first, up to a notification that does not wait: that one must not come after
   * later events.
   */
  List<Notification> withFirst(List<Notification> queue) {
    List<Notification> group = new ArrayList<>();
    for (Notification one : queue) {
      if (!holds(one)) {
        return group;
      }
      if (key(one).equals(key(queue.get(0)))) {
        group.add(one);
      }
    }
    return group;
  }

  private List<String> key(Notification one) {
    Map<String, String> labels = AlertLabels.own(one);
    return by.stream().map(label -> labels.getOrDefault(label.label(), "")).toList();
  }
}
