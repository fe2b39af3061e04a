package io.portcurfew.policy;

import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTermTest {

  private static Address address(String text) {
    return Address.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 8, 10.255.1.2, YES",
    "10.0.0.0, 8, 11.0.0.1, NO",
    "10.1.2.128, 25, 10.1.2.129, YES",
    "10.1.2.128, 25, 10.1.2.127, NO",
    "192.168.1.1, 32, 192.168.1.1, YES",
    "192.168.1.1, 32, 192.168.1.2, NO",
    "0.0.0.0, 0, 8.8.8.8, YES",
    "0.0.0.0, 0, ::1, NO",
    "0.0.0.0, 1, 0.0.0.0, NO",
    "fd00::, 8, fdff::1, YES",
    "fd00::, 8, fe80::1, NO",
    "fe80::, 10, febf::1%eth0, YES",
    "::, 0, ::, YES",
    "::, 3, ::, NO"
  })
  void aBlockHoldsTheAddressesThatShareItsPrefix(
      String network, int bits, String bound, Trilean answer) {
    assertThat(new AddressTerm.Cidr(address(network), bits).allows(address(bound)))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, YES",
    "127.0.0.1, 127.0.0.1%lo, YES",
    "127.0.0.1%lo, 127.0.0.1, NO",
    "::1, ::1, YES",
    "::, 0.0.0.0, NO",
    "0.0.0.0, 0.0.0.0, YES"
  })
  void anAddressIsItself(String wanted, String bound, Trilean answer) {
    assertThat(new AddressTerm.Exact(address(wanted)).allows(address(bound))).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, YES",
    "172.16.0.1, YES",
    "172.31.255.255, YES",
    "172.32.0.1, NO",
    "192.168.255.1, YES",
    "192.169.0.1, NO",
    "169.254.1.1, YES",
    "fd12::1, YES",
    "fe80::1%eth0, YES",
    "fec0::1, NO",
    "127.0.0.1, NO",
    "::1, NO",
    "100.64.0.1, NO",
    "8.8.8.8, NO",
    "0.0.0.0, NO",
    "0.0.0.0%eth0, NO",
    "::, NO"
  })
  void privateAddresses_areNotRoutedOnTheInternet(String bound, Trilean answer) {
    assertThat(new AddressTerm.Private().allows(address(bound))).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0%eth0, YES",
    "::%eth0, YES",
    "fe80::1%eth0, YES",
    "fe80::1%eth1, NO",
    "0.0.0.0%eth00, NO",
    "0.0.0.0, NO",
    "::, NO",
    "192.0.2.1, UNKNOWN",
    "127.0.0.1, NO"
  })
  void interfaceOfAnAddress_isUnknown(String bound, Trilean answer) {
    assertThat(new AddressTerm.Interface("eth0").allows(address(bound))).isEqualTo(answer);
  }

  @Test
  void interfaceThatHasTheAddressNowFits() {
    Listener bound = held(tcp("192.0.2.1", 53));
    AddressTerm tun0 = new AddressTerm.Interface("tun0");
    assertThat(tun0.allows(bound)).isEqualTo(Trilean.UNKNOWN);
    assertThat(tun0.allows(bound.on(new TreeSet<>(Set.of("eth0", "tun0"))))).isEqualTo(Trilean.YES);
    assertThat(tun0.allows(bound.on(new TreeSet<>(Set.of("eth0"))))).isEqualTo(Trilean.NO);
    assertThat(tun0.allows(bound.on(new TreeSet<>()))).isEqualTo(Trilean.NO);
    assertThat(new AddressTerm.Interface("lo").allows(held(tcp("127.0.0.9", 53))))
        .isEqualTo(Trilean.YES);
  }

  @Test
  void interfaceIsOneOfTheHost() {
    Endpoint inContainer = new Endpoint(Protocol.TCP, address("192.0.2.1"), 53, "web");
    Listener listener = held(inContainer).on(new TreeSet<>(Set.of("eth0")));
    assertThat(onEth0(null).allow(listener)).isEqualTo(Trilean.NO);
    assertThat(onEth0("web").allow(listener)).isEqualTo(Trilean.YES);
    assertThat(onEth0(null).allow(held(tcp("192.0.2.1", 53)).on(listener.interfaces())))
        .isEqualTo(Trilean.YES);
  }

  private static Rule onEth0(String namespace) {
    return new Rule(
        "dns",
        new RuleScope(List.of(new PortRange(53, 53)), Set.of(Protocol.TCP), namespace),
        Expectation.ALLOWED,
        new RuleTerms(List.of(new AddressTerm.Interface("eth0")), List.of()),
        NotifySettings.of(Severity.WARNING));
  }

  @Test
  void aCutAddressMayBePrivate() {
    assertThat(new AddressTerm.Private().allows(Address.cutAt("fe80::aede:48ff:")))
        .isEqualTo(Trilean.UNKNOWN);
  }

  @Test
  void cutAddress_mayMatch() {
    Address cut = Address.cutAt("fe80::aede:48ff:");
    assertThat(new AddressTerm.Exact(address("fe80::aede:48ff:fe00:1122")).allows(cut))
        .isEqualTo(Trilean.UNKNOWN);
    assertThat(new AddressTerm.Exact(address("::1")).allows(cut)).isEqualTo(Trilean.NO);
  }

  @Test
  void aPrefixLongerThanTheAddressIsRefused() {
    assertThatThrownBy(() -> new AddressTerm.Cidr(address("10.0.0.0"), 33))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
