package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  @ParameterizedTest(name = "failure {0}, asked {1}, chance {2}: {3}")
  @CsvSource({
    "1,          ,        0,   PT1S",
    "1,          ,        0.5, PT0.75S",
    "1,          ,        1,   PT0.5S",
    "2,          ,        0,   PT2S",
    "3,          ,        0,   PT4S",
    "9,          ,        0,   PT256S",
    "10,         ,        0,   PT5M",
    "10,         ,        1,   PT2M30S",
    "64,         ,        0,   PT5M",
    "2147483647, ,        0,   PT5M",
    "1,          PT30S,   0.5, PT30S",
    "10,         PT30S,   0.5, PT30S",
    "1,          PT0S,    0,   PT1S",
    "1,          PT-1S,   0,   PT1S",
    "1,          PT1H,    0,   PT1H",
    "1,          PT1H1S,  0,   PT1H",
    "1,          PT87600H, 0,  PT1H",
  })
  void pauseDoublesToFiveMinutes_orIsAsAskedUpToAnHour(
      int failures, Duration asked, double chance, Duration pause) {
    assertThat(Backoff.after(failures, asked, chance)).isEqualTo(pause);
  }
}
