package io.portcurfew.observe.linux.events.source;

import static io.portcurfew.observe.linux.ThreadRights.BPF;
import static io.portcurfew.observe.linux.ThreadRights.DAC_READ_SEARCH;
import static io.portcurfew.observe.linux.ThreadRights.NET_ADMIN;
import static io.portcurfew.observe.linux.ThreadRights.PERFMON;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Platform;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.RefusedCall;
import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each source as an ordinary user with exactly its capabilities, and without each of them. */
@LiveHost
class SourceRightsLiveTest {

  private static final int SYS_PERF_EVENT_OPEN = Platform.isARM() ? 241 : 298;
  private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");
  private static final int SYS_BPF = Platform.isARM() ? 280 : 321;

  @BeforeEach
  void needs() {
    Requirement.root();
  }

  /** Opens a source, opens a listener, and returns the ports that the source reported. */
  private static Callable<List<Integer>> portsOf(
      OpenSources.SourceOpener opener, Callable<Integer> listener) {
    return () -> {
      try (EventSource source = opener.open()) {
        int port = listener.call();
        List<Integer> ports = new ArrayList<>();
        source.drain(change -> ports.add(change.port()));
        assertThat(ports).contains(port);
        return ports;
      }
    };
  }

  private static int tcp() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int udp() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String refusal(OpenSources.SourceOpener opener, int... capabilities)
      throws Exception {
    return ThreadRights.asNobody(
        () -> {
          try (EventSource source = opener.open()) {
            return source.name() + " is up";
          } catch (KernelException refused) {
            return String.valueOf(refused.getMessage());
          }
        },
        capabilities);
  }

  @Test
  void perf_takesItsTwoCapabilities() throws Exception {
    Callable<List<Integer>> ports = portsOf(PerfSource::open, SourceRightsLiveTest::tcp);
    assertThat(ThreadRights.asNobody(ports, PERFMON, DAC_READ_SEARCH)).isNotEmpty();
    assertThat(refusal(PerfSource::open, DAC_READ_SEARCH)).contains("EACCES");
    assertThat(refusal(PerfSource::open, PERFMON)).contains("EACCES");
  }

  /** The setting is of the whole machine, so it is set back at once; root does not notice it. */
  @Test
  void perf_worksAbove2WithItsCapabilities() throws Exception {
    String before = Files.readString(PARANOID);
    Callable<List<Integer>> ports = portsOf(PerfSource::open, SourceRightsLiveTest::tcp);
    try {
      Files.writeString(PARANOID, "3");
      assertThat(ThreadRights.asNobody(ports, PERFMON, DAC_READ_SEARCH)).isNotEmpty();
      assertThat(refusal(PerfSource::open, DAC_READ_SEARCH))
          .contains("EACCES")
          .endsWith("kernel.perf_event_paranoid is 3");
    } finally {
      Files.writeString(PARANOID, before);
    }
  }

  @Test
  void bpf_takesItsTwoCapabilities() throws Exception {
    Callable<List<Integer>> ports = portsOf(BpfSource::open, SourceRightsLiveTest::udp);
    assertThat(ThreadRights.asNobody(ports, BPF, NET_ADMIN)).isNotEmpty();
    assertThat(refusal(BpfSource::open, BPF)).contains("EPERM");
    assertThat(refusal(BpfSource::open, NET_ADMIN)).contains("EPERM");
  }

  @Test
  void destroy_takesNoCapability() throws Exception {
    assertThat(refusal(() -> DestroySource.open(true, true))).isEqualTo("destroy is up");
  }

  @Test
  void hostThatAllowsNothing_hasTheEndsOfSockets() throws Exception {
    ThreadRights.asNobody(
        () -> {
          assertOnlyEnds();
          return true;
        });
  }

  /** 1: EPERM; 38: ENOSYS, of a kernel without the call and of some filters. */
  @ParameterizedTest
  @ValueSource(ints = {1, 38})
  void refusedCalls_leaveTheEndsOfSockets(int errno) throws Exception {
    ThreadRights.onItsOwnThread(
        () -> {
          RefusedCall.refuse(SYS_PERF_EVENT_OPEN, errno);
          RefusedCall.refuse(SYS_BPF, errno);
          assertOnlyEnds();
          return true;
        });
  }

  private static void assertOnlyEnds() {
    try (OpenSources sources = OpenSources.of(EventSettings.AUTO, OpenSources.NONE)) {
      assertThat(sources.all()).extracting(EventSource::name).containsExactly("destroy");
      assertThat(sources.refused()).containsOnlyKeys("perf", "tracefs", "bpf");
    }
  }
}
