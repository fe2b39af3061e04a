package io.portcurfew.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.portcurfew.config.LogFormat;
import io.portcurfew.systemd.Journal;
import org.slf4j.LoggerFactory;

/**
 * Configures Logback without a file, so that nothing on the class path or in the environment can
 * change where alerts go. Logback finds this class as a service.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  /** For commands: warnings go to standard error in short form. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    install(context, new CommandLogEncoder(), "System.err", Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** For the daemon: everything from INFO up goes to standard output, one line for each event. */
  public static void daemon(LogFormat format) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    boolean journal = Journal.isStandardOutput(System.getenv());
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> new TextLogEncoder(!journal);
          case ECS, JSON -> new EcsEncoder();
        };
    install(context, journal ? new JournalEncoder(encoder) : encoder, "System.out", Level.INFO);
    context.getLogger("org.quartz").setLevel(Level.WARN);
    context.getLogger("oshi").setLevel(Level.ERROR);
  }

  private static ThresholdFilter from(Level level) {
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(level.toString());
    filter.start();
    return filter;
  }

  private static void install(
      LoggerContext context, Encoder<ILoggingEvent> encoder, String target, Level level) {
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget(target);
    appender.setEncoder(encoder);
    appender.addFilter(from(level));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
  }
}
