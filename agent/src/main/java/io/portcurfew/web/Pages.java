package io.portcurfew.web;

import java.util.function.Supplier;

/**
 * What the web server asks for at each request, on a thread of its own; several requests may ask at
 * once.
 *
 * @param metrics the text of /metrics
 * @param health what /-/healthy and /-/ready answer
 * @param status what the landing page shows
 */
public record Pages(Exposition metrics, Supplier<Health> health, Supplier<StatusPage> status) {

  /** The metrics in one of two text formats. */
  @FunctionalInterface
  public interface Exposition {

    /** In OpenMetrics 1.0.0, or else in the Prometheus text format 0.0.4. */
    String text(boolean openMetrics);
  }
}
