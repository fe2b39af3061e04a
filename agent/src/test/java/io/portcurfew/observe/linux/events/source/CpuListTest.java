package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuListTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|{0}", "0-1|{0, 1}", "0-2,6|{0, 1, 2, 6}", "''|{}", "0-|{}", "x|{}"})
  void list_isRead(String text, String cpus) {
    assertThat(CpuList.of(text + "\n")).hasToString(cpus);
  }
}
