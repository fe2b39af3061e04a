package io.portcurfew.config;

import java.time.Duration;

/** When the agent looks. */
public sealed interface ScanTimes {

  /** Again and again after this time: 1 s to 24 h. */
  record Every(Duration interval) implements ScanTimes {}

  /** At the times of a Quartz cron expression, in the time zone of the host. */
  record Cron(String expression) implements ScanTimes {}
}
