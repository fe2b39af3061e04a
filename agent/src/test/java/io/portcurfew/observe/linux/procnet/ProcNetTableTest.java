package io.portcurfew.observe.linux.procnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.CountedReading;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcNetTableTest {

  private static final String HEAD = "  sl  local_address rem_address   st tx_queue rx_queue\n";
  private static final String ROW =
      "%4d: 0100007F:%04X 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0"
          + "        0 %d 1 0000000000000000 100 0 0 10 0                     \n";

  @TempDir private Path root;
  private final List<String> opened = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    for (String name : List.of("tcp", "tcp6", "udp", "udp6")) {
      Files.writeString(root.resolve(name), HEAD);
    }
  }

  private ProcNetTable table() {
    ProcFs files = new ProcFs(root);
    return new ProcNetTable(
        "test",
        "/proc/net",
        name -> {
          opened.add(name);
          return files.open(name, Libc.O_RDONLY);
        });
  }

  private void listeners(int count) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < count; i++) {
      text.append(ROW.formatted(i, 600 + i, 9000 + i));
    }
    Files.writeString(root.resolve("tcp"), text);
  }

  private void usage(int ipv4, int ipv6) throws IOException {
    String more = " orphan 0 tw 0 alloc 9 mem 1\nUDP: inuse 1 mem 0\n";
    Files.writeString(root.resolve("sockstat"), "sockets: used 41\nTCP: inuse " + ipv4 + more);
    Files.writeString(root.resolve("sockstat6"), "TCP6: inuse " + ipv6 + "\nUDP6: inuse 0\n");
  }

  private List<Integer> ports(ProcNetTable table) throws Exception {
    opened.clear();
    return table.look(100).sockets().stream().map(KernelSocket::port).toList();
  }

  @Test
  void tableOfOneCall_isReadOnce() throws Exception {
    listeners(2);
    assertThat(ports(table())).containsExactly(600, 601);
    assertThat(opened).containsOnlyOnce("tcp", "tcp6", "udp", "udp6");
  }

  @Test
  void longerTable_isReadUntilTwoReadingsAgree() throws Exception {
    listeners(40);
    assertThat(ports(table())).hasSize(40);
    assertThat(opened.stream().filter("tcp"::equals)).hasSize(2);
  }

  @Test
  void familyWithoutTcpSockets_isNotRead() throws Exception {
    listeners(1);
    usage(1, 0);
    assertThat(ports(table())).containsExactly(600);
    assertThat(opened).contains("tcp", "udp", "udp6").doesNotContain("tcp6");
  }

  @Test
  void knownSocket_isNotEndedByACountAlone() throws Exception {
    listeners(1);
    usage(1, 0);
    ProcNetTable table = table();
    assertThat(ports(table)).containsExactly(600);
    usage(0, 0);
    assertThat(ports(table)).containsExactly(600);
    listeners(0);
    assertThat(ports(table)).isEmpty();
    listeners(1);
    assertThat(ports(table)).isEmpty();
  }

  @Test
  void quietLook_leavesOutTcpWhileItsCountIsTheSame() throws Exception {
    listeners(1);
    usage(1, 0);
    ProcNetTable table = table();
    assertThat(quietPorts(table)).containsExactly(600);
    listeners(2);
    for (int look = 0; look < CountedReading.MOST_LOOKS; look++) {
      assertThat(quietPorts(table)).containsExactly(600);
      assertThat(opened).contains("udp").doesNotContain("tcp", "tcp6");
    }
    assertThat(quietPorts(table)).containsExactly(600, 601);
    listeners(3);
    assertThat(quietPorts(table)).containsExactly(600, 601);
    usage(3, 0);
    assertThat(quietPorts(table)).containsExactly(600, 601, 602);
    listeners(1);
    assertThat(ports(table)).containsExactly(600);
  }

  private List<Integer> quietPorts(ProcNetTable table) throws Exception {
    opened.clear();
    return table.lookQuietly(100, Set.of(Protocol.TCP)).sockets().stream()
        .map(KernelSocket::port)
        .toList();
  }

  @Test
  void quietLook_readsATableWithoutACountOrWithAGap() throws Exception {
    listeners(1);
    ProcNetTable table = table();
    quietPorts(table);
    quietPorts(table);
    assertThat(opened).contains("tcp");
    usage(2, 0);
    Files.writeString(root.resolve("tcp"), HEAD + ROW.formatted(0, 600, 9000) + "   1: torn\n");
    assertThat(table.lookQuietly(100, Set.of(Protocol.TCP)).gaps()).isNotEmpty();
    quietPorts(table);
    assertThat(opened).contains("tcp");
  }

  @Test
  void emptyTableOfUdp_isLeftOutForSomeLooks() throws Exception {
    usage(0, 0);
    ProcNetTable table = table();
    ports(table);
    assertThat(opened).contains("udp", "udp6");
    for (int look = 0; look < LastReading.EMPTY_LOOKS; look++) {
      ports(table);
      assertThat(opened).contains("udp").doesNotContain("udp6");
    }
    ports(table);
    assertThat(opened).contains("udp6");
  }

  @Test
  void quietLook_leavesOutUdpWhereEventsReportIt() throws Exception {
    usage(0, 0);
    ProcNetTable table = table();
    ports(table);
    for (int look = 0; look < CountedReading.MOST_LOOKS; look++) {
      opened.clear();
      table.lookQuietly(100, Set.of(Protocol.TCP, Protocol.UDP));
      assertThat(opened).doesNotContain("udp", "udp6");
    }
    table.lookQuietly(100, Set.of(Protocol.TCP, Protocol.UDP));
    assertThat(opened).contains("udp", "udp6");
  }

  @Test
  void tablesOfAProcessThatHasEnded_areNotThoseOfAHostWithoutIpv6() throws Exception {
    Files.writeString(root.resolve("sockstat6"), "TCP6: inuse 1\nUDP6: inuse 0\n");
    Files.writeString(root.resolve("sockstat"), "sockets: used 41\nTCP: inuse 0\nUDP: inuse 0\n");
    ProcNetTable table = table();
    ports(table);
    Files.delete(root.resolve("tcp6"));
    ports(table);
    assertThat(opened).contains("tcp6").doesNotContain("udp");
    for (String name : List.of("tcp", "udp", "udp6")) {
      Files.delete(root.resolve(name));
    }
    assertThatExceptionOfType(KernelException.class).isThrownBy(() -> table.look(100));
  }
}
