package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  @Test
  void endpointHasItsPortAndProtocol() {
    PortQuery query = PortQuery.parse("udp [::1]:53 in web").orElseThrow();
    assertThat(query.port()).isEqualTo(53);
    assertThat(query.protocols()).containsExactly(Protocol.UDP);
    assertThat(query.endpoint()).isEqualTo(Endpoint.parse("udp [::1]:53 in web").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "65536", "99999", "0611", "611/sctp", "611 tcp", "tcp 611", "-1"})
  void otherTextIsRefused(String text) {
    assertThat(PortQuery.parse(text)).isEmpty();
  }
}
