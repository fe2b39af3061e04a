package io.portcurfew.cli.options;

import io.portcurfew.process.DaemonThreads;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One line on the terminal that names the current step of a command that takes longer than a
 * second, with its seconds. It goes to standard error and is wiped at the end.
 */
public final class ProgressLine implements AutoCloseable {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final @Nullable PrintWriter terminal;
  private final long every;
  private final Object lock = new Object();
  private String step = "";
  private long steps;
  private boolean closed;
  private int shown;

  private ProgressLine(@Nullable PrintWriter terminal, long every) {
    this.terminal = terminal;
    this.every = every;
    if (terminal != null) {
      DaemonThreads.start("portcurfew-progress", this::show);
    }
  }

  /** The line of a command; it stays silent if standard error is no terminal. */
  public static ProgressLine of(CommandSpec spec) {
    boolean terminal =
        TerminalWidth.isErrorTerminal() && !"dumb".equals(System.getenv().get("TERM"));
    return new ProgressLine(terminal ? spec.commandLine().getErr() : null, SECOND);
  }

  /**
   * The line on any writer.
   *
   * @param every the nanoseconds before it appears and between two updates
   */
  static ProgressLine on(PrintWriter writer, long every) {
    return new ProgressLine(writer, every);
  }

  /** Begins a step, named as in {@code sweeping the ports}. */
  public void step(String name) {
    synchronized (lock) {
      step = name;
    }
  }

  private void show() {
    synchronized (lock) {
      while (!closed) {
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, every);
        } catch (InterruptedException ended) {
          return;
        }
        if (!closed) {
          steps++;
          print(String.format(Locale.ROOT, "%s ... %d s", step, steps * every / SECOND));
        }
      }
    }
  }

  private void print(String text) {
    if (terminal == null) {
      return;
    }
    String padding = " ".repeat(Math.max(0, shown - text.length()));
    terminal.print("\r" + text + padding);
    terminal.flush();
    shown = text.length() + padding.length();
  }

  /** Wipes the line. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      if (terminal != null && shown > 0) {
        terminal.print("\r" + " ".repeat(shown) + "\r");
        terminal.flush();
        shown = 0;
      }
    }
  }
}
