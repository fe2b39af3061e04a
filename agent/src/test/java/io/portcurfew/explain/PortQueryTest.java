package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortQueryTest {

  @Test
  void portWithoutAProtocolMeansBoth() {
    assertThat(PortQuery.parse("611").orElseThrow().protocols())
        .containsExactly(Protocol.TCP, Protocol.UDP);
    assertThat(PortQuery.parse("65535/udp").orElseThrow().protocols())
        .containsExactly(Protocol.UDP);
    assertThat(PortQuery.parse("611/tcp").orElseThrow().endpoint()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"611/tcp", "611/TCP", "611 tcp", "tcp 611", "TCP/611", " tcp 611 "})
  void protocol_isReadInAnyCaseAndPlace(String text) {
    PortQuery query = PortQuery.parse(text).orElseThrow();
    assertThat(query.port()).isEqualTo(611);
    assertThat(query.protocols()).containsExactly(Protocol.TCP);
  }

  @ParameterizedTest
  @CsvSource({"ssh, 22", "SSH, 22", "npmp-gui, 611", "mysql, 3306", "local-name, 4711"})
  void serviceName_isFound(String name, int port) {
    byte[] file = "official 4711/tcp local-name".getBytes(StandardCharsets.US_ASCII);
    ServiceNames services = ServiceNames.parse(file);
    assertThat(PortQuery.named(name, Catalogue.shipped(), services).orElseThrow().port())
        .isEqualTo(port);
    assertThat(PortQuery.named("no-such", Catalogue.shipped(), services)).isEmpty();
  }

  @Test
  void endpointHasItsPortAndProtocol() {
    PortQuery query = PortQuery.parse("udp [::1]:53 in web").orElseThrow();
    assertThat(query.port()).isEqualTo(53);
    assertThat(query.protocols()).containsExactly(Protocol.UDP);
    assertThat(query.endpoint()).isEqualTo(Endpoint.parse("udp [::1]:53 in web").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "65536", "99999", "0611", "611/sctp", "tcp 0", "tcp 611 x", "-1"})
  void otherTextIsRefused(String text) {
    assertThat(PortQuery.parse(text)).isEmpty();
  }
}
