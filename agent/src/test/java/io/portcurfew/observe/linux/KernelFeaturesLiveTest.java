package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.linux.sweep.LocalPortRange;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class KernelFeaturesLiveTest {

  private final KernelFeatures kernel = KernelFeatures.ask();

  @Test
  void kernelListsTcpAndUdp() {
    assertThat(kernel.refusals().keySet())
        .noneMatch(table -> table.startsWith("tcp ") || table.startsWith("udp "));
  }

  @Test
  void itsSettingsAreReadWhole() throws Exception {
    PortRange range = LocalPortRange.read(Path.of("/"));
    assertThat(kernel.settings().get(KernelFeatures.CLIENT_PORTS).split("\\s+", -1))
        .containsExactly("" + range.first(), "" + range.last());
    assertThat(kernel.settings().get(KernelFeatures.UNPRIVILEGED_FROM)).matches("\\d+");
  }

  @Test
  void boundSocketsAreShownSinceLinux6point8() {
    Matcher release = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(kernel.release().toString());
    assertThat(release.matches()).isTrue();
    int version = Integer.parseInt(release.group(1)) * 1000 + Integer.parseInt(release.group(2));
    // Older ones may have it too, brought back by a distribution.
    assertThat(kernel.boundShown()).isIn(true, version >= 6008);
  }
}
