package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.ListenerTurns;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Policy;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One series for each port that listens, only if the config asks for it. Whoever opens ports adds
 * series, so at most a number of them exist in a day (UTC), and the others are counted.
 */
final class ListenerSeries {

  private final GaugeFamily info;
  private final GaugeFamily dropped;
  private final Set<SeriesLabels> ofDay = new HashSet<>();
  private @Nullable LocalDate day;
  private @Nullable JudgedSnapshot latest;
  private int most;

  /** No address, no process and no name of the host. */
  private record SeriesLabels(String protocol, int port, String verdict, String rule) {}

  ListenerSeries(MeterRegistry registry) {
    info =
        new GaugeFamily(
            registry,
            "portcurfew.listener.info",
            "A port with a listener, its verdict and rule; always 1. Only with inventory.series in"
                + " the config.");
    dropped =
        new GaugeFamily(
            registry,
            "portcurfew_listener_series_dropped",
            "Ports with a listener that have no series, because there were more than"
                + " inventory.series in a day.");
  }

  /** Sets the most series of a day; 0 removes all. */
  void most(int series) {
    most = series;
  }

  void judged(JudgedSnapshot judged) {
    latest = judged;
  }

  /** Sets the gauges to the latest values. */
  void publish() {
    JudgedSnapshot judged = latest;
    if (most == 0 || judged == null) {
      info.set(new GaugeFamily.Values());
      dropped.set(new GaugeFamily.Values());
      return;
    }
    LocalDate today = Policy.day(judged.snapshot().takenAt());
    if (!today.equals(day)) {
      day = today;
      ofDay.clear();
    }
    GaugeFamily.Values values = new GaugeFamily.Values();
    int left = 0;
    for (SeriesLabels one : labels(judged)) {
      if (ofDay.contains(one) || ofDay.size() < most) {
        ofDay.add(one);
        values.put(tags(one), 1);
      } else {
        left++;
      }
    }
    info.set(values);
    dropped.set(new GaugeFamily.Values().put(Tags.empty(), left));
  }

  private static Set<SeriesLabels> labels(JudgedSnapshot judged) {
    Set<SeriesLabels> all = new LinkedHashSet<>();
    for (Listener listener : ListenerTurns.of(judged.snapshot().listeners())) {
      Ruling ruling = judged.judgement().rulings().get(listener.endpoint());
      String rule = ruling == null ? null : ruling.rule();
      all.add(
          new SeriesLabels(
              listener.endpoint().protocol().label(),
              listener.endpoint().port(),
              ruling == null ? "" : ruling.verdict().label(),
              rule == null ? "" : HostText.of(rule).toString()));
    }
    return all;
  }

  private static Tags tags(SeriesLabels one) {
    return Tags.of(
        "protocol", one.protocol(),
        "port", Integer.toString(one.port()),
        "verdict", one.verdict(),
        "rule", one.rule());
  }
}
