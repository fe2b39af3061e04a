package io.portcurfew.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StableIdTest {

  @Test
  void idIsTheStartOfASha256() {
    // printf '3:npm1:p' | sha256sum | cut -c1-16
    assertThat(StableId.of("npm", "p")).isEqualTo("5b8be4c1a09687a6");
  }

  @Test
  void boundariesOfPartsMatter() {
    assertThat(StableId.of("a", "bc")).isNotEqualTo(StableId.of("ab", "c"));
    assertThat(StableId.of("a", "")).isNotEqualTo(StableId.of("a"));
  }
}
