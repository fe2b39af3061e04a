package io.portcurfew.observe.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1:611        | : | 127.0.0.1        | 611
          [::1]:611            | : | [::1]            | 611
          ::1:611              | : | ::1              | 611
          :::611               | : | ::               | 611
          0.0.0.0:1            | : | 0.0.0.0          | 1
          0.0.0.0:65535        | : | 0.0.0.0          | 65535
          127.0.0.1.611        | . | 127.0.0.1        | 611
          fe80::aede:48ff:.611 | . | fe80::aede:48ff: | 611
          127.0.0.1%lo:611     | : | 127.0.0.1%lo     | 611
          """)
  void splitsAtTheLastSeparator(String text, char separator, String host, int port) {
    assertThat(HostPort.parse(text, separator)).contains(new HostPort(host, port));
  }

  @Test
  void aStarIsNeitherHostNorPort() {
    assertThat(HostPort.parse("*:611", ':')).contains(new HostPort(null, 611));
    assertThat(HostPort.parse("*.*", '.')).contains(new HostPort(null, null));
    assertThat(HostPort.parse("[::]:*", ':')).contains(new HostPort("[::]", null));
    assertThat(HostPort.parse("0.0.0.0:0", ':')).contains(new HostPort("0.0.0.0", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "611",
        ":611",
        "*:",
        "*:ssh",
        "*:npmp-gui",
        "*:-1",
        "*:+611",
        "*:65536",
        "*:0611",
        "*:00",
        "*:99999999999999999999",
        "*: 611",
        "*:611 ",
        "*:6.11",
        "*:0x263",
        "*:\u0666\u0661\u0661"
      })
  void aPortMustBeDecimal(String text) {
    assertThat(HostPort.parse(text, ':')).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*:ssh,true",
    "*:commplex-main,true",
    "*:6a,true",
    "*:22,false",
    "*:*,false",
    "*:,false",
    "ssh,false",
    "*:65536,false"
  })
  void recognisesAPortName(String text, boolean named) {
    assertThat(HostPort.namesPort(text, ':')).isEqualTo(named);
  }

  @Test
  void theCallerGivesTheFamilyOfAStar() {
    assertThat(new HostPort(null, 611).address(Address.ANY_IPV4)).contains(Address.ANY_IPV4);
    assertThat(new HostPort(null, 611).address(Address.ANY_IPV6)).contains(Address.ANY_IPV6);
    assertThat(new HostPort("*%lo", 611).address(Address.ANY_IPV6))
        .contains(Address.ANY_IPV6.in("lo"));
    assertThat(new HostPort("[::1]", 611).address(Address.ANY_IPV4))
        .contains(Address.parse("::1").get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "fe80::aede:48ff:", "*x", "*%", "1.2.3", "example.org"})
  void aHostNameIsNotAnAddress(String host) {
    assertThat(new HostPort(host, 611).address(Address.ANY_IPV4)).isEmpty();
  }
}
