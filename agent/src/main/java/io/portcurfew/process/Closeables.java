package io.portcurfew.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what is no longer needed. */
public final class Closeables {

  private static final Logger LOG = LoggerFactory.getLogger(Closeables.class);

  private Closeables() {}

  /** Closes it; where that fails, says so and goes on, since there is more to close. */
  public static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception | Error e) {
      LOG.warn("{} does not close", part.getClass().getSimpleName(), e);
    }
  }
}
