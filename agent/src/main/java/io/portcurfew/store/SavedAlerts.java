package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Alerts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The alerts of the last save, which continue those of earlier runs. Not thread-safe. */
final class SavedAlerts {

  private Alerts alerts = Alerts.NONE;
  private @Nullable List<Alert> continued;

  Alerts all() {
    return alerts;
  }

  void replace(Alerts latest) {
    alerts = latest;
  }

  /**
   * Adds the alerts of an earlier run.
   *
   * @param late true if alerts of this run may have been sent before
   */
  void takeOver(Alerts earlier, Instant now, boolean late) {
    Alerts.Continued all = alerts.continuing(earlier, now);
    alerts = all.alerts();
    continued = late ? all.replaced() : null;
  }

  /** Returns once the alerts that have the id of an earlier run since a late take-over. */
  Optional<List<Alert>> continued() {
    Optional<List<Alert>> replaced = Optional.ofNullable(continued);
    continued = null;
    return replaced;
  }
}
