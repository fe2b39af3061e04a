package io.portcurfew.notify;

import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which notifications wait for each other, so that a restart is one message and not two.
 *
 * @param by those that are the same in all of these are told in one
 * @param most how long the first of a group waits for others; zero where nothing waits
 */
public record Grouping(List<By> by, Duration most) {

  /** Each is told by itself and at once. */
  public static final Grouping NONE = new Grouping(List.of(), Duration.ZERO);

  /** What holds where the config says nothing. */
  public static final Grouping USUAL = new Grouping(List.of(By.RULE), Duration.ofSeconds(5));

  /**
   * A label by which is grouped: one of those that stay the same as long as an alert lives, so that
   * what is told of an alert keeps its order.
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

  /** Whether it may wait: what is critical does not, nor does what stands for many already. */
  boolean holds(Notification one) {
    return !most.isZero()
        && one.summary() == null
        && one.alert().finding().severity() != Severity.CRITICAL;
  }

  /**
   * Those that are told in one with the first: its group, up to one that does not wait, since that
   * must not come after what happened later.
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
