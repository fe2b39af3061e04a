package io.portcurfew.observe.linux.procnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketInodesTest {

  @ParameterizedTest
  @CsvSource({
    "'   0: 00000000:0263 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 4711 1 0', 9, 4711",
    "'ffff 3 3 0003 2 1 0 0 4711', 8, 4711",
    "'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt', 9, 0",
    "'a b 12345678901234567890', 2, 0",
    "'', 0, 0",
  })
  void numberIsThatOfTheColumn(String line, int column, long expected) {
    assertThat(SocketInodes.number(line, column)).isEqualTo(expected);
  }
}
