package io.portcurfew.config;

import java.time.Duration;

/** The times at which the agent scans. */
public sealed interface ScanTimes {

  /** At a fixed interval: 1 s to 24 h. */
  record Every(Duration interval) implements ScanTimes {}

  /** At the times of a Quartz cron expression, in the time zone of the host. */
  record Cron(String expression) implements ScanTimes {}
}
