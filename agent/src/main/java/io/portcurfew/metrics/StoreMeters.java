package io.portcurfew.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcurfew.store.StoreState;
import java.util.List;

/** The state of the database. */
final class StoreMeters {

  private StoreState state = new StoreState(null, 0, 0, List.of(), List.of());

  StoreMeters(MeterRegistry registry) {
    Gauge.builder("portcurfew_store_writable", this, m -> m.state.writable() ? 1 : 0)
        .description("1 if alerts and notifications can be written to the disk, else 0.")
        .register(registry);
    Gauge.builder("portcurfew_store_waiting_changes", this, m -> m.state.waiting())
        .description("Changes that are kept in memory until they can be written.")
        .register(registry);
    FunctionCounter.builder("portcurfew_store_lost_changes_total", this, m -> m.state.lost())
        .description("Changes that could neither be written nor kept in memory.")
        .register(registry);
  }

  void is(StoreState now) {
    state = now;
  }
}
