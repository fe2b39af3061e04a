package io.portcurfew.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.SLF4JServiceProvider;

class LogProviderTest {

  @Test
  void itsContext_isThatOfLogbacksSearch() {
    LogProvider provider = new LogProvider();
    provider.initialize();
    LoggerContext context = (LoggerContext) provider.getLoggerFactory();
    ConsoleAppender<ILoggingEvent> appender = onlyAppender(context);

    assertThat(context.isStarted()).isTrue();
    assertThat(context.getName()).isEqualTo("default");
    assertThat(context.getMDCAdapter()).isNotNull().isSameAs(provider.getMDCAdapter());
    assertThat(appender.getTarget()).isEqualTo("System.err");
    assertThat(appender.getEncoder()).isInstanceOf(CommandLogEncoder.class);
    assertThat(appender.isStarted()).isTrue();
    assertThat(context.getLogger("any").getEffectiveLevel()).isEqualTo(Level.INFO);
  }

  /** SLF4J finds the class by its name, and takes Logback's own where it does not. */
  @Test
  void nameThatSlf4jIsGiven_isThisClass() throws ReflectiveOperationException {
    List<String> names = List.of("slf4j.provider", "slf4j.internal.verbosity");
    List<String> before = new ArrayList<>();
    names.forEach(name -> before.add(System.getProperty(name, "")));
    try {
      LogProvider.use();
      Class<?> named = Class.forName(System.getProperty("slf4j.provider"));
      assertThat(named).isEqualTo(LogProvider.class);
      assertThat(named.getConstructor().newInstance()).isInstanceOf(SLF4JServiceProvider.class);
    } finally {
      for (int i = 0; i < names.size(); i++) {
        if (before.get(i).isEmpty()) {
          System.clearProperty(names.get(i));
        } else {
          System.setProperty(names.get(i), before.get(i));
        }
      }
    }
  }

  private static ConsoleAppender<ILoggingEvent> onlyAppender(LoggerContext context) {
    List<Appender<ILoggingEvent>> found = new ArrayList<>();
    context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(found::add);
    assertThat(found).hasSize(1);
    return (ConsoleAppender<ILoggingEvent>) found.get(0);
  }
}
