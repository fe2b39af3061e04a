package io.portcurfew.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.CoreConstants;

/**
 * Logback for SLF4J without Logback's search for its configuration: {@link Logging} is all that it
 * would find, and the search takes a twentieth of the start of the daemon.
 */
public final class LogProvider extends LogbackServiceProvider {

  /** Makes SLF4J use this class; to be called before anything is logged. */
  public static void use() {
    System.setProperty("slf4j.provider", "io.portcurfew.logging.LogProvider");
    // Otherwise SLF4J prints that it uses this class.
    System.setProperty("slf4j.internal.verbosity", "WARN");
  }

  @Override
  public void initialize() {
    LoggerContext context = (LoggerContext) getLoggerFactory();
    context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
    context.setMDCAdapter(getMDCAdapter());
    new Logging().configure(context);
    context.start();
  }
}
