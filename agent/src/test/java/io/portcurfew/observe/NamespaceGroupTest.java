package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceGroupTest {

  @ParameterizedTest
  @CsvSource({
    ", host, true",
    ", web, true",
    "host, host, true",
    "host, web, false",
    "containers, host, false",
    "containers, container/web-1, true",
    "containers, pod/shop/web-0, true",
    "containers, containers, true",
    "containers, others, false",
    "containers, vpn, false",
    "containers, net:[4026532324], false",
    "others, host, false",
    "others, container/web-1, true",
    "others, containers, true",
    "others, net:[4026532324], true",
    "vpn, others, false",
    "container/web-1, container/web-1, true",
    "container/web-1, containers, false",
  })
  void wordsSelectNamespaces(String wanted, String namespace, boolean matches) {
    assertThat(NamespaceGroup.matches(wanted, namespace)).isEqualTo(matches);
  }
}
