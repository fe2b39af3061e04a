package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.CheckState.BROKEN;
import static io.portcurfew.doctor.Check.CheckState.LIMITED;
import static io.portcurfew.doctor.Check.CheckState.OK;
import static io.portcurfew.doctor.SampleChecks.listener;
import static io.portcurfew.doctor.SampleChecks.snapshot;
import static io.portcurfew.doctor.SampleChecks.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.state.StateFolderStatus;
import io.portcurfew.web.access.WebAccess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentChecksTest {

  private static final long GIB = 1L << 30;

  private static StateFolderStatus folder(
      boolean exists, String mode, boolean writable, long free) {
    return new StateFolderStatus(
        Path.of("/var/lib/portcurfew"), exists, mode, "x", writable, free, null);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:09Z, , BROKEN",
    "2023-12-31T23:59:59Z, , BROKEN",
    "2024-01-01T00:00:00Z, , OK",
    "2026-05-01T00:00:00Z, 2026-05-02T00:00:00Z, BROKEN",
    "2026-05-03T00:00:00Z, 2026-05-02T00:00:00Z, OK",
    "2023-05-03T00:00:00Z, 1980-01-01T00:00:00Z, BROKEN"
  })
  void clockBeforeTheInstallationIsBroken(
      Instant now, Instant installed, Check.CheckState expected) {
    assertThat(AgentChecks.clock(now, installed, ZoneOffset.UTC).state()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "true, rwx------, true, OK",
    "true, rwxr-x---, true, OK",
    "true, rwxrwx---, true, BROKEN",
    "true, rwx---rwx, true, BROKEN",
    "true, rwx------, false, BROKEN",
    "false, rwxr-xr-x, true, OK",
    "false, rwxrwxrwx, true, OK",
    "false, rwxr-xr-x, false, BROKEN"
  })
  void stateFolderOpenToOthersIsBroken(
      boolean exists, String mode, boolean writable, Check.CheckState expected) {
    assertThat(AgentChecks.state(folder(exists, mode, writable, GIB)).state()).isEqualTo(expected);
  }

  @Test
  void lowSpaceIsLimited() {
    assertThat(AgentChecks.state(folder(true, "rwx------", true, 1 << 20)).state())
        .isEqualTo(LIMITED);
  }

  private static Check web(String listen, Long agent, Listener... there) {
    int colon = listen.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    Snapshot snapshot = snapshot(view("sock_diag", List.of(there)));
    return WebCheck.of(address, true, snapshot, agent);
  }

  @Test
  void unusedWebAddressIsFree() {
    Listener other = listener("127.0.0.1", 10612, 7);
    Listener elsewhere = listener("127.0.0.2", 10611, 7);
    Endpoint inContainer =
        new Endpoint(Protocol.TCP, other.endpoint().address(), 10611, "container");
    Listener contained = new Listener(inContainer, null, List.of(), "sock_diag");
    Check check = web("127.0.0.1:10611", null, other, elsewhere, contained);
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).isEqualTo("tcp 127.0.0.1:10611 is free");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "0.0.0.0"})
  void usedWebAddressIsBroken(String address) {
    Check check = web("127.0.0.1:10611", 8L, listener(address, 10611, 7));
    assertThat(check.state()).isEqualTo(BROKEN);
    assertThat(check.found()).isEqualTo("tcp 127.0.0.1:10611 is used by pid 7");
  }

  @Test
  void webAddressOfTheRunningAgentIsOk() {
    Check check = web("127.0.0.1:10611", 7L, listener("127.0.0.1", 10611, 7));
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).contains("the running agent, pid 7");
  }

  @Test
  void webAddressThatOtherHostsReach_isALimit() {
    assertThat(
            WebCheck.exposure(new InetSocketAddress("0.0.0.0", 10611), WebAccess.OPEN)
                .orElseThrow()
                .state())
        .isEqualTo(Check.CheckState.LIMITED);
    assertThat(
            WebCheck.exposure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 10611), WebAccess.OPEN))
        .isEmpty();
  }

  @Test
  void anAddressOfAnotherHostCannotBeServed() {
    InetSocketAddress web = new InetSocketAddress("192.0.2.1", 10611);
    assertThat(WebCheck.of(web, false, snapshot(), null).state()).isEqualTo(BROKEN);
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.example.org/T0/secret?token=secret, https hooks.example.org:443",
    "http://127.0.0.1:9093/secret, http 127.0.0.1:9093",
    "http://user:secret@10.0.0.1/, http 10.0.0.1:80",
    "'https://[::1]:8443/secret', 'https [::1]:8443'"
  })
  void onlyHostAndPortOfAReceiverAreShown(URI url, String shown) {
    Check check = ReceiverChecks.check("ops", ServerProbe.of(url), "Connection refused");
    assertThat(check.state()).isEqualTo(BROKEN);
    assertThat(check.found()).isEqualTo(shown + " cannot be reached: Connection refused");
    assertThat(check.toString()).doesNotContain("secret");
  }

  @Test
  void receiverWithoutServerIsNotProbed() throws Exception {
    FileSettings file = new FileSettings(Path.of("/var/log/alerts.json"), 1, 1);
    assertThat(ReceiverChecks.of(List.of(new Receiver("shipped", ReceiverFilter.ALL, file))))
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.state()).isEqualTo(OK);
              assertThat(check.found()).contains("portcurfew notify test");
            });
  }
}
