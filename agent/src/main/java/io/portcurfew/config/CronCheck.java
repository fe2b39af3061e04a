package io.portcurfew.config;

import java.util.Optional;

/** Says what is wrong with a cron expression; the scheduler knows, and the config does not. */
@FunctionalInterface
public interface CronCheck {

  /** Why the expression cannot be used, in a few words; nothing where it can. */
  Optional<String> whyWrong(String expression);
}
