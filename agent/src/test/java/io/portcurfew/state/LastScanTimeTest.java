package io.portcurfew.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastScanTimeTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  @Test
  void nextAgent_knowsTheTimeOfTheLastScan() {
    new LastScanTime(folder).ended(NOON.minusSeconds(10));
    new LastScanTime(folder).ended(NOON);
    assertThat(new LastScanTime(folder).at()).contains(NOON);
  }

  @Test
  void withoutAnEarlierAgent_nothingIsKnown() {
    assertThat(new LastScanTime(folder).at()).isEmpty();
  }

  @Test
  void missingFolder_isNoFailure() {
    LastScanTime look = new LastScanTime(folder.resolve("gone"));
    look.ended(NOON);
    assertThat(look.at()).isEmpty();
  }
}
