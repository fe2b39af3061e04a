package io.portcurfew.observe;

import java.time.Duration;

/**
 * The view of one source and the duration of its look.
 *
 * @param took from the start of the look to its end or to the time limit
 */
public record TimedView(View view, Duration took) {

  /** Returns its numbers for JSON and metrics. */
  SourceReport report() {
    return new SourceReport(
        view.source(),
        view.isUp(),
        view.complete(),
        view.listeners().size(),
        view.gaps().size(),
        took);
  }
}
