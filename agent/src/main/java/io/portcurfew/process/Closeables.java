package io.portcurfew.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes resources. */
public final class Closeables {

  private static final Logger LOG = LoggerFactory.getLogger(Closeables.class);

  private Closeables() {}

  /** Closes this; a failure is only logged, since there is more to close. */
  public static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception | Error e) {
      LOG.warn("Failed to close {}", part.getClass().getSimpleName(), e);
    }
  }
}
