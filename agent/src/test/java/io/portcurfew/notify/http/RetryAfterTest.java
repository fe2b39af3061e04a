package io.portcurfew.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                              |",
        "0                             | PT0S",
        "120                           | PT2M",
        "3600                          | PT1H",
        "3601                          | PT1H",
        "315360000                     | PT1H",
        "99999999999999999999999999999 | PT1H",
        "-1                            |",
        "1.5                           |",
        "soon                          |",
        "Mon, 23 Nov 2026 12:01:30 GMT | PT1M30S",
        "Mon, 23 Nov 2026 11:00:00 GMT | PT0S",
        "Mon, 23 Nov 2036 12:00:00 GMT |",
        "Sun, 23 Nov 2036 12:00:00 GMT | PT1H",
      })
  void readsSecondsAndDates(String header, Duration after) {
    Instant now = Instant.parse("2026-11-23T12:00:00Z");
    assertThat(RetryAfter.of(header, now)).isEqualTo(after);
  }
}
