package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapLogTest {

  private final List<String> lines = new ArrayList<>();
  private final GapLog log =
      new GapLog((what, details) -> lines.add(what + " " + details.get("source")));

  private void at(int second, Gap... gaps) {
    log.record(List.of(gaps), Duration.ofSeconds(second));
  }

  @Test
  void recurringGap_isOneEntry() {
    for (int second = 0; second < 600; second += 20) {
      at(second, new Gap("ss", Gap.What.OWNERS, "pid " + second));
      at(second + 10);
    }
    assertThat(lines).containsExactly("gap ss");
    at(1179);
    assertThat(lines).containsExactly("gap ss");
    at(1180);
    assertThat(lines).containsExactly("gap ss", "gap-over ss");
  }

  @Test
  void anotherSourceAndAnotherThingAreOtherGaps() {
    at(0, new Gap("ss", Gap.What.OWNERS, "x"), new Gap("lsof", Gap.What.OWNERS, "x"));
    at(1, new Gap("ss", Gap.What.ROW, "x"));
    assertThat(lines).containsExactly("gap ss", "gap lsof", "gap ss");
  }
}
