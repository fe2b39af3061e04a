package io.portcurfew.web;

/** The content of the pages. The web server calls it for each request, from several threads. */
public interface PageSource {

  /**
   * The text of /metrics.
   *
   * @param openMetrics true for OpenMetrics 1.0.0, false for the Prometheus text format 0.0.4
   */
  String metrics(boolean openMetrics);

  /** The answer of /-/healthy and /-/ready. */
  Health health();

  /** The content of the landing page. */
  StatusPage page();
}
