package io.portcurfew.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private static final long DAY = Duration.ofDays(1).toNanos();
  private static final long MOMENT = Duration.ofMillis(1).toNanos();

  private final StringWriter terminal = new StringWriter();
  private final PrintWriter writer = new PrintWriter(terminal);

  @Test
  void shortWork_printsNothing() {
    try (ProgressLine line = ProgressLine.on(writer, DAY)) {
      line.step("sweeping the ports");
    }
    assertThat(terminal.toString()).isEmpty();
  }

  @Test
  void longWork_namesItsStepAndIsWiped() {
    try (ProgressLine line = ProgressLine.on(writer, MOMENT)) {
      line.step("sweeping the ports");
      until("\rsweeping the ports ... 0 s");
      line.step("judging");
      until("\rjudging ... 0 s" + " ".repeat("sweeping the ports".length() - "judging".length()));
    }
    assertThat(terminal.toString())
        .endsWith("\r" + " ".repeat("sweeping the ports ... 0 s".length()) + "\r");
  }

  private void until(String text) {
    Instant end = Instant.now().plusSeconds(60);
    while (!terminal.toString().contains(text) && Instant.now().isBefore(end)) {
      Thread.onSpinWait();
    }
    assertThat(terminal.toString()).contains(text);
  }
}
