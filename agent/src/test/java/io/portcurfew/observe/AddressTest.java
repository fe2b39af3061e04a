package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  private static Address address(String text) {
    return Address.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "[::], ::",
    "::1, ::1",
    "[::1], ::1",
    "2001:DB8::A, 2001:db8::a",
    "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:0:0:0:0:0:0:1, ::1",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "fe80::1, fe80::1"
  })
  void anAddressIsWrittenInTheFormOfRfc5952(String text, String written) {
    assertThat(address(text)).hasToString(written);
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:127.0.0.1, 127.0.0.1",
    "[::ffff:0.0.0.0], 0.0.0.0",
    "::FFFF:7f00:1, 127.0.0.1",
    "0:0:0:0:0:ffff:c000:221, 192.0.2.33"
  })
  void aMappedAddressIsReadAsIpv4(String text, String written) {
    assertThat(address(text)).hasToString(written);
    assertThat(address(text).isIpv6()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.53%lo, 127.0.0.53, lo",
    "0.0.0.0%virbr0, 0.0.0.0, virbr0",
    "[fe80::1]%lo, fe80::1, lo",
    "[fe80::1%eth0], fe80::1, eth0",
    "fe80::1%eth0.100, fe80::1, eth0.100",
    "fe80::1%9, fe80::1, 9"
  })
  void aZoneIsReadInsideOrAfterTheBrackets(String text, String host, String zone) {
    assertThat(address(text)).isEqualTo(new Address(host, zone, false));
  }

  @Test
  void aZoneIsEscaped() {
    assertThat(address("fe80::1%\u001b[2J")).hasToString("fe80::1%\\x1b[2J");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "localhost",
        "example.org",
        "1",
        "127.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "01.2.3.256",
        "0x7f.0.0.1",
        "2130706433",
        "[127.0.0.1]",
        "[]",
        "[",
        "]",
        "[::1",
        "::1]",
        ":",
        ":::",
        "1:2",
        "1:2:3:4:5:6:7:8:9",
        "::g",
        "12345::",
        "::1%",
        "%lo",
        "fe80::aede:48ff:",
        "::1::",
        "\u0661.1.1.1",
        " ::1",
        "::1 ",
        "1.2.3.4\n",
        "a:b.example",
        "dead.beef:cafe",
        "[fe80::1%eth0]%lo"
      })
  void aNameIsNoAddressAndIsNotResolved(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }

  @Test
  void aLongTextIsNoAddress() {
    assertThat(Address.parse(":".repeat(1_000_000))).isEmpty();
    assertThat(Address.parse("1.".repeat(1_000_000))).isEmpty();
    assertThat(Address.parse("0".repeat(1_000_000))).isEmpty();
  }

  @Test
  void bytesAreReadInNetworkOrder() {
    assertThat(Address.of(new byte[] {127, 0, 0, 1})).hasToString("127.0.0.1");
    byte[] six = new byte[16];
    six[0] = (byte) 0xFE;
    six[1] = (byte) 0x80;
    six[15] = 1;
    assertThat(Address.of(six)).hasToString("fe80::1");
    assertThat(Address.of(six).bytes()).contains(six);
    assertThat(Address.of(new byte[16])).isEqualTo(Address.ANY_IPV6);
    assertThat(Address.of(new byte[4])).isEqualTo(Address.ANY_IPV4);
    assertThatIllegalArgumentException().isThrownBy(() -> Address.of(new byte[5]));
  }

  @Test
  void aCutAddressHasNoBytes() {
    Address cut = Address.cutAt("fe80::aede:48ff:");

    assertThat(cut.bytes()).isEmpty();
    assertThat(cut).hasToString("fe80::aede:48ff:...");
    assertThat(cut.isIpv6()).isTrue();
    assertThat(Address.cutAt("127.0").isLoopback()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, true, false", "::, true, false", "127.0.0.1, false, true", "127.255.0.9, false, true",
    "::1, false, true", "::ffff:127.0.0.1, false, true", "128.0.0.1, false, false",
        "::2, false, false",
    "0.0.0.0%lo, true, false", "12.7.0.0, false, false"
  })
  void wildcardAndLoopbackAreRecognized(String text, boolean wildcard, boolean loopback) {
    assertThat(address(text).isWildcard()).isEqualTo(wildcard);
    assertThat(address(text).isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "fe80::1, fe80::1, true",
    "fe80::1, fe80::2, false",
    "fe80::1%eth0, fe80::1, true",
    "fe80::1%eth0, fe80::1%eth1, false",
    "127.0.0.1%lo, 127.0.0.1, true",
    "0.0.0.0, ::, false",
    "10.0.0.1, 10.0.0.11, false"
  })
  void aLessPreciseAddressMayBeTheOther(String one, String other, boolean may) {
    assertThat(address(one).mayBe(address(other))).isEqualTo(may);
    assertThat(address(other).mayBe(address(one))).isEqualTo(may);
  }

  @Test
  void cutAddress_mayBeAnyWithItsPrefix() {
    Address cut = Address.cutAt("fe80::aede:48ff:");

    assertThat(cut.mayBe(address("fe80::aede:48ff:fe00:1122"))).isTrue();
    assertThat(address("fe80::aede:48ff:fe00:1122%en5").mayBe(cut)).isTrue();
    assertThat(cut.mayBe(address("fe80::1"))).isFalse();
    assertThat(cut.mayBe(Address.cutAt("fe80::aede:"))).isTrue();
  }

  @Test
  void theOrderOfAddressesAgreesWithEquals() {
    List<Address> sorted =
        List.of(
            address("0.0.0.0"),
            address("127.0.0.1"),
            address("127.0.0.1%lo"),
            address("::"),
            address("fe80::1"),
            Address.cutAt("fe80::1"));

    List<Address> shuffled = Arrays.asList(sorted.toArray(new Address[0]));
    Collections.reverse(shuffled);
    assertThat(shuffled).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(sorted).isSorted().doesNotHaveDuplicates();
  }
}
