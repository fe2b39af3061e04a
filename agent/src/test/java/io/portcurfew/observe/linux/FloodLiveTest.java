package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.HeavyLoad;
import io.portcurfew.tags.LiveHost;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An unprivileged user opens more sockets than are kept, in the namespace of another listener. */
@EnabledOnOs(OS.LINUX)
@LiveHost
@HeavyLoad
class FloodLiveTest {

  private static final int SOCKETS = 12_000;

  private static final String FLOOD =
      """
      import resource
      resource.setrlimit(resource.RLIMIT_NOFILE, (%1$d + 100, %1$d + 100))
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      sockets = []
      for i in range(%1$d):
          s = socket.socket(socket.AF_INET, %2$s)
          s.bind(('127.0.%%d.%%d' %% (1 + i // 10000, 1), 20000 + i %% 10000))
          %3$s
          sockets.append(s)
      ready(len(sockets))
      """;

  private final LinuxSource source = PatientSource.withUsualShare();

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static List<Listener> at(View view, int port) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .filter(one -> one.endpoint().namespace().equals(Endpoint.HOST))
        .toList();
  }

  @Test
  void floodOfUdpSockets_hidesNoOtherUser() throws Exception {
    String flood = FLOOD.formatted(SOCKETS, "socket.SOCK_DGRAM", "pass");
    String udp = "s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 611)); ready(611)";
    try (PythonProcess attacker = PythonProcess.run(flood);
        PythonProcess first = PythonProcess.run("s = tcp('0.0.0.0', 611); ready(611)");
        PythonProcess second = PythonProcess.run(udp)) {
      assertThat(attacker.word(0)).isEqualTo(SOCKETS);
      View view = source.look();
      assertThat(view.listeners().size()).isBetween(RowBound.HOST, RowBound.HOST + 1_000);
      assertThat(at(view, 611)).hasSize(2);
      assertThat(at(view, 611))
          .flatExtracting(Listener::owners)
          .extracting(owner -> owner.pid())
          .containsExactlyInAnyOrder(first.pid(), second.pid());
      assertThat(view.gaps())
          .filteredOn(Gap::hidesListeners)
          .singleElement()
          .satisfies(
              gap -> {
                assertThat(gap.why()).contains("uid 65534");
                assertThat(gap.place())
                    .isEqualTo(new Place(Endpoint.HOST, Protocol.UDP, Place.AddressFamily.IPV4));
              });
    }
  }

  @Test
  void floodOfTcpListeners_hidesNoOtherUser() throws Exception {
    String flood = FLOOD.formatted(SOCKETS, "socket.SOCK_STREAM", "s.listen(1)");
    try (PythonProcess attacker = PythonProcess.run(flood);
        PythonProcess victim = PythonProcess.run("s = tcp('0.0.0.0', 611); ready(611)")) {
      assertThat(attacker.word(0)).isEqualTo(SOCKETS);
      assertThat(at(source.look(), 611))
          .singleElement()
          .satisfies(
              one -> assertThat(one.owners()).extracting(o -> o.pid()).contains(victim.pid()));
    }
    assertThat(at(source.look(), 611)).isEmpty();
  }
}
