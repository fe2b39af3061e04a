package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.scan.SampleConfigs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartOnlySettingsTest {

  private static final ScanTimes OFTEN = new ScanTimes.Every(Duration.ofSeconds(5));

  @Test
  void anotherStateFolder_takesARestart() {
    AgentConfig read = SampleConfigs.with(OFTEN, List.of(), Path.of("/srv/state"));
    assertThat(RestartOnlySettings.wanted(read, SampleConfigs.CONFIG))
        .containsExactly(
            "state: this change needs a restart. Found: /srv/state."
                + " Active: /var/lib/portcurfew.");
    AgentConfig kept = RestartOnlySettings.without(read, SampleConfigs.CONFIG);
    assertThat(kept.state()).isEqualTo(SampleConfigs.CONFIG.state());
    assertThat(kept.scan()).isEqualTo(OFTEN);
    assertThat(RestartOnlySettings.wanted(read, kept)).hasSize(1);
  }

  @Test
  void allElseTakesNone() {
    AgentConfig read = SampleConfigs.with(OFTEN, List.of(), SampleConfigs.CONFIG.state());
    assertThat(RestartOnlySettings.wanted(read, SampleConfigs.CONFIG)).isEmpty();
    assertThat(RestartOnlySettings.without(read, SampleConfigs.CONFIG)).isEqualTo(read);
  }
}
