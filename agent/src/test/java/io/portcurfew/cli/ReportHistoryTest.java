package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.JsonTree;
import io.portcurfew.report.UnseenTime;
import io.portcurfew.store.History.HistoryEntry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportHistoryTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private static HistoryEntry entry(String what, long seconds) {
    return new HistoryEntry(1, NOON.plusSeconds(seconds), what, JsonTree.of("{}"));
  }

  private static UnseenTime pause(long from, long to) {
    return UnseenTime.ofPause(NOON.plusSeconds(from), NOON.plusSeconds(to));
  }

  @Test
  void timeFromStopToStart_isAPause() {
    List<HistoryEntry> entries =
        List.of(
            entry("start", -900),
            entry("stop", -800),
            entry("start", -700),
            entry("stop", -10),
            entry("start", 5),
            // Killed.
            entry("start", 20),
            entry("stop", 30),
            entry("start", 40),
            entry("stop", 50));
    assertThat(ReportHistory.pauses(entries, NOON, NOON.plusSeconds(60)))
        .containsExactly(pause(0, 5), pause(30, 40), pause(50, 60));
    assertThat(ReportHistory.pauses(List.of(entry("start", -1)), NOON, NOON.plusSeconds(60)))
        .isEmpty();
  }

  @Test
  void changeIsALineOfWords() {
    JsonTree details = JsonTree.of("{\"policy\": \"0123\", \"good\": true}");
    assertThat(ReportHistory.text(new HistoryEntry(1, NOON.plusNanos(5), "reload", details)))
        .isEqualTo("2026-11-26T12:00:00Z reload: policy 0123, good true");
    assertThat(ReportHistory.text(entry("stop", 0))).isEqualTo("2026-11-26T12:00:00Z stop");
  }
}
