package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp 0.0.0.0:611",
        "udp [::1]:53 in web",
        "tcp [fe80::1%eth0]:22",
        "udp 127.0.0.53%lo:53",
        "tcp [::]:65535 in a: b",
      })
  void theWrittenFormIsParsedBack(String shown) {
    assertThat(Endpoint.parse(shown)).map(Endpoint::toString).contains(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tcp",
        "611",
        "TCP 0.0.0.0:611",
        "sctp 0.0.0.0:611",
        "tcp  0.0.0.0:611",
        "tcp 0.0.0.0",
        "tcp 0.0.0.0:0",
        "tcp 0.0.0.0:0611",
        "tcp 0.0.0.0:65536",
        "tcp 0.0.0.0:611 ",
        "tcp 0.0.0.0:611 in",
        "tcp 0.0.0.0:611 in ",
        "tcp 010.0.0.1:611",
        "tcp 01.2.3.4:611",
        "tcp 1.2.3.256:611",
        "tcp 1.2.3:611",
        "tcp *:611",
        "tcp localhost:611",
        "tcp ::1:611",
        "tcp [::1:611",
        "tcp [1.2.3.4]:611",
        "tcp [::g]:611",
      })
  void otherTextIsNoEndpoint(String text) {
    assertThat(Endpoint.parse(text)).isEmpty();
  }
}
