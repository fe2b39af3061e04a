package io.portcurfew.observe.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcurfew.observe.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPortRangeTest {

  @TempDir private Path root;

  @Test
  void theRangeIsReadFromTheSysctl() throws IOException {
    write("32768\t60999\n");
    assertThat(LocalPortRange.read(root)).isEqualTo(PortRange.LINUX_EPHEMERAL);
  }

  @Test
  void theRangeOfThisHostIsReadable() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/sys/net/ipv4/ip_local_port_range")));
    PortRange range = LocalPortRange.read(Path.of("/"));
    assertThat(range.first()).isLessThan(range.last());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "x y", "60999\t32768", "0 5", "1 70000", "1 2 3"})
  void aMalformedRangeIsAnError(String text) throws IOException {
    write(text);
    assertThatIOException().isThrownBy(() -> LocalPortRange.read(root));
  }

  private void write(String text) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/sys/net/ipv4"));
    Files.writeString(folder.resolve("ip_local_port_range"), text);
  }
}
