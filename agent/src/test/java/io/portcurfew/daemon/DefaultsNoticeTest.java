package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultsNoticeTest {

  @Test
  void shippedConfig_isDescribedInTwoShortLines(@TempDir Path folder) {
    ReadResult<LoadedConfig> read =
        new ConfigFiles(folder.resolve("none.yaml"), cron -> null).attempt(null, null, null).read();

    List<String> lines = DefaultsNotice.lines(((ReadResult.Good<LoadedConfig>) read).value());

    assertThat(lines).hasSize(2).allMatch(line -> line.length() <= 160);
    assertThat(lines.get(0))
        .isEqualTo(
            "No config file: scans every 10 s, judges by the shipped policy.yaml (port 611 and its"
                + " neighbours closed, others allowed), state in /var/lib/portcurfew");
    assertThat(lines.get(1)).startsWith("No receiver: ").contains("portcurfew init");
  }
}
