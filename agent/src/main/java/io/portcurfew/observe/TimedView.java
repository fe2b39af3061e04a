package io.portcurfew.observe;

import java.time.Duration;

/**
 * One look of one source, timed.
 *
 * @param took from the start of the look to its end, or to when it was given up
 */
public record TimedView(View view, Duration took) {

  /** What is told of it in JSON and metrics. */
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
