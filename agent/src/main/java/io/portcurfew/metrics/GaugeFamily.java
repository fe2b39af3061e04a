package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** All gauges of one name. Setting them removes those that have no value any more. */
final class GaugeFamily {

  private final MultiGauge gauges;

  GaugeFamily(MeterRegistry registry, String name, String help) {
    gauges = MultiGauge.builder(name).description(help).register(registry);
  }

  void set(Values values) {
    gauges.register(values.rows, true);
  }

  /** The values of a family by label; all have the same label names. */
  static final class Values {

    private final List<MultiGauge.Row<?>> rows = new ArrayList<>();

    Values put(Tags labels, double value) {
      rows.add(MultiGauge.Row.of(labels, value));
      return this;
    }
  }
}
