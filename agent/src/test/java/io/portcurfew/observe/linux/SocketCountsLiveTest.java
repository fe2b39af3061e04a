package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KeptTexts;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.DiagTable;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Daemon;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The kernel's counts of the sockets in a network namespace of the test's own. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class SocketCountsLiveTest {

  private static final int PORT = 4711;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int MPTCP = 262;

  /** asm/unistd.h, of x86_64 and of the generic table that aarch64 has. */
  private static final long SYS_LISTEN =
      System.getProperty("os.arch", "").equals("aarch64") ? 201 : 50;

  private static final int SOCKADDR_IN6 = 28;
  private static final short AF_INET6 = 10;
  private static final List<Transport> COUNTED =
      List.of(Transport.TCP, Transport.UDP, Transport.UDPLITE);

  private InNamespace namespace;
  private SocketTable table;
  private SocketCounts counts;

  @BeforeEach
  void open() throws Exception {
    namespace = new InNamespace("counted");
    counts = namespace.inside(SocketCountsLiveTest::counts);
    table = namespace.inside(() -> new DiagTable("sock_diag", SockDiag.open(), counts(), texts()));
    assertThat(table.look(9).sockets()).isEmpty();
  }

  @AfterEach
  void remove() throws Exception {
    if (table != null) {
      table.close();
    }
    if (counts != null) {
      counts.close();
    }
    if (namespace != null) {
      namespace.remove();
    }
  }

  private static SocketCounts counts() {
    ProcFs proc = new ProcFs(Path.of("/"));
    return SocketCounts.open(
        name -> proc.open("proc/thread-self/net/" + name, Libc.O_RDONLY),
        fd -> Objects.requireNonNull(proc.file(fd)).inode());
  }

  private static KeptTexts texts() {
    ProcFs proc = new ProcFs(Path.of("/"));
    return KeptTexts.open(
        List.of("protocols", "dev"),
        name -> proc.open("proc/thread-self/net/" + name, Libc.O_RDONLY));
  }

  private long packetSockets() {
    String text = new String(table.text("protocols"), StandardCharsets.ISO_8859_1);
    String line = text.lines().filter(one -> one.startsWith("PACKET ")).findFirst().orElseThrow();
    return Long.parseLong(line.split(" +", 4)[2]);
  }

  @Test
  void keptTextCountsTheSocketsOfItsNamespace() throws Exception {
    String script =
        """
        ready()
        sys.stdin.readline()
        held = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        print('opened', flush=True)
        signal.pause()
        """;
    assertThat(packetSockets()).isZero();
    try (PythonProcess packet = namespace.python(script)) {
      assertThat(packetSockets()).isZero();
      assertThat(packet.proceed()).isEqualTo("opened");
      assertThat(packetSockets()).isOne();
    }
    assertThat(new String(table.text("dev"), StandardCharsets.ISO_8859_1)).contains(" lo:");
    assertThat(table.text("tcp")).isNull();
  }

  @Test
  void inodeIsThatOfTheProcessesInIt() throws Exception {
    ProcFs proc = new ProcFs(Path.of("/"));
    try (PythonProcess inside = namespace.python("ready()")) {
      assertThat(counts.inode()).isNotZero().isEqualTo(proc.sockstatOf(inside.pid()));
      assertThat(table.sockstat()).isEqualTo(counts.inode());
    }
    int own = (int) ProcessHandle.current().pid();
    assertThat(proc.sockstatOf(own)).isNotZero().isNotEqualTo(counts.inode());
  }

  /** Opens a socket at the IPv6 wildcard in the namespace and returns its descriptor. */
  private int bound(int type, int protocol) throws Exception {
    return namespace.inside(
        () -> {
          int fd = Libc.socket(AF_INET6, type, protocol);
          NativeBuffer address = new NativeBuffer(SOCKADDR_IN6);
          address.clear(SOCKADDR_IN6);
          address.bytes().putShort(0, AF_INET6).put(2, (byte) (PORT >> 8)).put(3, (byte) PORT);
          assertThat(Libc.bind(fd, address.address(), SOCKADDR_IN6))
              .as(() -> "bind: " + Native.getLastError())
              .isZero();
          return fd;
        });
  }

  private List<Transport> countedOverIpv6() {
    counts.read();
    return COUNTED.stream().filter(transport -> !counts.hasNone(transport, true)).toList();
  }

  private List<Integer> portsOfNextLook() throws KernelException {
    return table.lookAgain(9).sockets().stream().map(KernelSocket::port).toList();
  }

  @Test
  void emptyNamespaceHasNoSocketOfEachKind() {
    counts.read();
    assertThat(Arrays.asList(true, false))
        .allMatch(ipv6 -> COUNTED.stream().allMatch(kind -> counts.hasNone(kind, ipv6)));
  }

  @Test
  void boundUdpSocketIsCountedAndSeen() throws Exception {
    int fd = bound(DATAGRAM, 0);
    try {
      assertThat(countedOverIpv6()).containsExactly(Transport.UDP);
      assertThat(portsOfNextLook()).containsExactly(PORT);
    } finally {
      Libc.close(fd);
    }
    assertThat(countedOverIpv6()).isEmpty();
    assertThat(portsOfNextLook()).isEmpty();
  }

  @Test
  void listenersOfTcpAndMptcpAreCountedAndSeen() throws Exception {
    for (int protocol : new int[] {0, MPTCP}) {
      int fd = bound(STREAM, protocol);
      try {
        assertThat(countedOverIpv6()).as("bound only").isEmpty();
        assertThat(Libc.syscall(SYS_LISTEN, fd, 1, 0, 0)).isZero();
        assertThat(countedOverIpv6()).containsExactly(Transport.TCP);
        assertThat(portsOfNextLook()).containsExactly(PORT);
      } finally {
        Libc.close(fd);
      }
      assertThat(portsOfNextLook()).isEmpty();
    }
  }

  /** The kernel ends sockets of commands that were run in the namespace a moment later. */
  private void untilItSettles() throws Exception {
    Daemon.until(
        "no socket opens or closes after a look",
        () -> {
          table.look(9);
          Thread.sleep(20);
          return !table.mayHaveWoken();
        });
  }

  @Test
  void emptyNamespaceWakesWithASocketOfAnyKind() throws Exception {
    untilItSettles();
    int fd = bound(STREAM, 0);
    try {
      assertThat(table.mayHaveWoken()).isTrue();
      untilItSettles();
    } finally {
      Libc.close(fd);
    }
    assertThat(table.mayHaveWoken()).isTrue();
  }

  @Test
  void socketOfAnyKindIsCountedBesideThatOfTheTable() throws Exception {
    untilItSettles();
    assertThat(table.hasOnly(1)).isTrue();
    int fd = bound(STREAM, 0);
    try {
      untilItSettles();
      assertThat(table.hasOnly(1)).isFalse();
      assertThat(table.hasOnly(2)).isTrue();
    } finally {
      Libc.close(fd);
    }
    untilItSettles();
    assertThat(table.hasOnly(1)).isTrue();
  }
}
