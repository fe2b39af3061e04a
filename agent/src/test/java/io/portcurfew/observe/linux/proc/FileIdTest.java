package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileIdTest {

  private static FileId file(int different) {
    return new FileId(
        different == 1 ? 2 : 1,
        different == 2 ? 2 : 1,
        different == 3 ? 2 : 1,
        different == 4 ? 2 : 1,
        different == 5 ? 2 : 1,
        different == 6,
        different == 7);
  }

  @Test
  void filesWithTheSameAttributes_areEqual() {
    assertThat(file(0)).isEqualTo(file(0)).hasSameHashCodeAs(file(0)).isNotEqualTo("file");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void eachAttributeCounts(int different) {
    assertThat(file(different)).isNotEqualTo(file(0));
  }

  @Test
  void identitiesWithTheSameFacts_areEqual() {
    ProcessIdentity one = new ProcessIdentity(file(0), 1000L, false);
    assertThat(one).isEqualTo(new ProcessIdentity(file(0), 1000L, false));
    assertThat(one).hasSameHashCodeAs(new ProcessIdentity(file(0), 1000L, false));
  }

  @Test
  void eachFactOfAProcessCounts() {
    ProcessIdentity one = new ProcessIdentity(file(0), 1000L, false);
    assertThat(one)
        .isNotEqualTo(new ProcessIdentity(file(5), 1000L, false))
        .isNotEqualTo(new ProcessIdentity(null, 1000L, false))
        .isNotEqualTo(new ProcessIdentity(file(0), 0L, false))
        .isNotEqualTo(new ProcessIdentity(file(0), null, false))
        .isNotEqualTo(new ProcessIdentity(file(0), 1000L, true))
        .isNotEqualTo("process");
  }
}
