package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ActiveBundle;
import io.portcurfew.config.ScanTimes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstBundleGraceTest {

  private static final ScanTimes OFTEN = new ScanTimes.Every(Duration.ofSeconds(30));
  private static final ActiveBundle AWAITED = ActiveBundle.awaited();
  private static final ActiveBundle REFUSED =
      new ActiveBundle(
          null, null, null, "the copy of the policy bundle is refused: unsigned", false);

  private final FirstBundleGrace grace = new FirstBundleGrace();

  private boolean covers(ActiveBundle active, int seconds) {
    return grace.covers(active, null, OFTEN, Duration.ofSeconds(seconds));
  }

  @Test
  void awaitedBundle_hasHalfAMinute() {
    assertThat(covers(AWAITED, 7)).isTrue();
    assertThat(covers(AWAITED, 36)).isTrue();
    assertThat(covers(AWAITED, 37)).isFalse();
    assertThat(covers(AWAITED, 38)).isFalse();
  }

  @Test
  void nothingElse_hasAGrace() {
    assertThat(covers(null, 0)).isFalse();
    assertThat(covers(REFUSED, 0)).isFalse();
    assertThat(grace.covers(AWAITED, "the bundle has no signature", OFTEN, Duration.ZERO))
        .isFalse();
  }

  @Test
  void rareScans_leaveNoGrace() {
    ScanTimes rarely = new ScanTimes.Every(Duration.ofSeconds(31));
    assertThat(grace.covers(AWAITED, null, rarely, Duration.ZERO)).isFalse();
    ScanTimes hourly = new ScanTimes.Cron("0 0 * * * ?");
    assertThat(grace.covers(AWAITED, null, hourly, Duration.ZERO)).isFalse();
  }

  @Test
  void bundleInPlaceOfAFile_hasItsOwnHalfMinute() {
    assertThat(covers(AWAITED, 0)).isTrue();
    assertThat(covers(null, 3600)).isFalse();
    assertThat(covers(AWAITED, 3610)).isTrue();
    assertThat(covers(AWAITED, 3640)).isFalse();
  }
}
