package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The text table of another network namespace, while its count of sockets stays the same. Its rows
 * change without an event here, so a look that shows the change has read the table.
 */
@EnabledOnOs(OS.LINUX)
class QuietNamespaceTest {

  private static final String HEADER = "  sl  local_address rem_address   st tx_queue inode\n";
  private static final String ROW =
      "   0: 00000000:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000 "
          + "  0        0 %d 1\n";

  @TempDir private Path root;
  private LinuxSource source;

  @BeforeEach
  void capture() throws IOException {
    write("proc/stat", "cpu 1 2 3\nbtime 1700000000\n");
    write("proc/loadavg", "0.1 0.1 0.1 1/2 200\n");
    write("proc/net/tcp", HEADER + ROW.formatted(22, 900));
    write("proc/net/udp", HEADER);
    write("proc/net/sockstat", counts(1));
    process(1, 4026531840L);
    process(77, 4026532000L);
    listener(8080);
    source = LinuxSource.ofCaptured(root);
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static String counts(int tcp) {
    return "sockets: used 4\nTCP: inuse " + tcp + " orphan 0 tw 0 alloc 1 mem 1\nUDP: inuse 0\n";
  }

  private void process(int pid, long namespace) throws IOException {
    String folder = "proc/" + pid + "/";
    write(folder + "stat", pid + " (x) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n");
    write(folder + "status", "Name:\tx\nUid:\t0\t0\t0\t0\n");
    write(folder + "net/udp", HEADER);
    write(folder + "net/sockstat", counts(1));
    Files.createDirectories(root.resolve(folder + "fd"));
    Files.createDirectories(root.resolve(folder + "ns"));
    Files.createSymbolicLink(root.resolve(folder + "ns/net"), Path.of("net:[" + namespace + "]"));
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  /** The only listener of the namespace, each with a socket of its own. */
  private void listener(int port) throws IOException {
    write("proc/77/net/tcp", HEADER + ROW.formatted(port, port));
  }

  private List<Integer> ports() throws InterruptedException {
    return source.look().listeners().stream()
        .map(Listener::endpoint)
        .filter(endpoint -> !endpoint.namespace().equals(Endpoint.HOST))
        .map(endpoint -> endpoint.port())
        .toList();
  }

  @Test
  void tableIsReadAgain_afterAnEventThatMayBeThere() throws Exception {
    source.unlistedOpenings().watch(Set.of(Protocol.TCP));
    assertThat(ports()).containsExactly(8080);
    listener(611);
    assertThat(ports()).containsExactly(8080);
    source.unlistedOpenings().changedElsewhere();
    assertThat(ports()).containsExactly(611);
    listener(612);
    assertThat(ports()).containsExactly(611);
    source.unlistedOpenings().lost(Duration.ZERO);
    assertThat(ports()).containsExactly(612);
  }

  @Test
  void tableIsReadAgain_whenTheCountIsAnother() throws Exception {
    source.unlistedOpenings().watch(Set.of(Protocol.TCP));
    assertThat(ports()).containsExactly(8080);
    listener(611);
    write("proc/77/net/sockstat", counts(2));
    assertThat(ports()).containsExactly(611);
  }

  @Test
  void tableIsReadAtEachLook_withoutEvents() throws Exception {
    assertThat(ports()).containsExactly(8080);
    listener(611);
    assertThat(ports()).containsExactly(611);
    source.unlistedOpenings().watch(Set.of(Protocol.TCP));
    listener(612);
    assertThat(ports()).containsExactly(612);
    source.unlistedOpenings().watch(Set.of());
    listener(613);
    assertThat(ports()).containsExactly(613);
    listener(614);
    assertThat(ports()).containsExactly(614);
  }

  @Test
  void tableOfTheHost_isReadAtEachLook() throws Exception {
    source.unlistedOpenings().watch(Set.of(Protocol.TCP));
    assertThat(source.look().listeners()).hasSize(2);
    write("proc/net/tcp", HEADER);
    assertThat(source.look().listeners()).hasSize(1);
  }
}
