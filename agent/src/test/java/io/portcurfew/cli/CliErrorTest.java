package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CliErrorTest {

  private final StringWriter err = new StringWriter();

  @Command(name = "fails")
  private record Failing(Error error) implements Runnable {
    @Override
    public void run() {
      throw error;
    }
  }

  private int statusOf(Error error) {
    CommandLine line = new CommandLine(new Failing(error)).setErr(new PrintWriter(err, true));
    return Cli.run(line);
  }

  @Test
  void noThreadLeft_isOneLineAndNotNow() {
    assertThat(statusOf(new OutOfMemoryError("unable to create native thread")))
        .isEqualTo(Exit.NOT_NOW);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("portcurfew: cannot start now: no thread")
        .endsWith("unable to create native thread");
  }

  @Test
  void anyOtherError_isInternal() {
    assertThat(statusOf(new NoClassDefFoundError("x"))).isEqualTo(Exit.BUG);
    assertThat(err.toString()).contains("please report", "NoClassDefFoundError: x");
  }

  /** As of the daemon, whose arguments picocli does not read. */
  @Test
  void exceptionOfACommand_isInternal() {
    Callable<Integer> command =
        () -> {
          throw new IllegalStateException("x");
        };
    assertThat(Cli.run(command, new PrintWriter(err, true))).isEqualTo(Exit.BUG);
    assertThat(err.toString()).contains("please report", "IllegalStateException: x");
  }
}
