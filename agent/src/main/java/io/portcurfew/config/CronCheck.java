package io.portcurfew.config;

import java.util.Optional;

/** Checks a cron expression. The scheduler implements it, so that config does not use Quartz. */
@FunctionalInterface
public interface CronCheck {

  /** The mistake in the expression; empty if it is valid. */
  Optional<String> problem(String expression);
}
