package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.CheckState.LIMITED;
import static io.portcurfew.doctor.Check.CheckState.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.KernelFeatures;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelChecksTest {

  private static Check check(String name, KernelFeatures kernel) {
    return KernelChecks.of(kernel).stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static KernelFeatures kernel(
      Map<String, String> refusals, Boolean bound, Map<String, String> settings) {
    return new KernelFeatures(HostText.of("6.1.0"), refusals, bound, settings);
  }

  @Test
  void unjudgedTransportsMayBeMissing() {
    Check check = check("sock_diag", kernel(Map.of("sctp over IPv4", "not in it"), true, Map.of()));
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found())
        .isEqualTo("lists tcp and udp over IPv4 and IPv6; not sctp over IPv4 (not in it)");
  }

  @Test
  void refusedTcpTableIsLimitedWithARemedy() {
    Check check =
        check("sock_diag", kernel(Map.of("tcp over IPv6", "not permitted"), true, Map.of()));
    assertThat(check.state()).isEqualTo(LIMITED);
    assertThat(check.remedy()).contains("tcp_diag");
  }

  @Test
  void udpliteIsNotUdp() {
    KernelFeatures kernel = kernel(Map.of("udplite over IPv4", "not in it"), true, Map.of());
    assertThat(check("sock_diag", kernel).state()).isEqualTo(OK);
  }

  @Test
  void anOldKernelDoesNotShowBoundSockets() {
    assertThat(check("bound sockets", kernel(Map.of(), false, Map.of())).state())
        .isEqualTo(LIMITED);
    assertThat(check("bound sockets", kernel(Map.of(), true, Map.of())).state()).isEqualTo(OK);
    assertThat(check("bound sockets", kernel(Map.of(), null, Map.of())).found())
        .contains("could not test");
  }

  @Test
  void settingsAreShown() {
    KernelFeatures kernel =
        kernel(
            Map.of(),
            true,
            Map.of(
                KernelFeatures.CLIENT_PORTS, "32768\t60999",
                KernelFeatures.UNPRIVILEGED_FROM, "1024",
                KernelFeatures.NO_IPV6, "1"));
    assertThat(check("client ports", kernel).found()).isEqualTo("assigned to clients: 32768-60999");
    assertThat(check("unprivileged ports", kernel).found()).contains("from 1024 up");
    assertThat(check("IPv6", kernel).found()).isEqualTo("off");
    assertThat(check("IPv6", kernel(Map.of(), true, Map.of())).found())
        .isEqualTo("not in this kernel");
  }
}
