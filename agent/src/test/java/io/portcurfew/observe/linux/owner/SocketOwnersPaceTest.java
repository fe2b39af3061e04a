package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SocketOwnersPaceTest {

  @Test
  void fiveFrequentLooks_checkMoreThanAUsualOne() {
    SocketOwners.Pace usual = SocketOwners.Pace.USUAL;
    SocketOwners.Pace soon = usual.soon();
    assertThat(soon.processesProven()).isBetween(1, usual.processesProven() - 1);
    assertThat(5 * soon.processesProven()).isGreaterThan(usual.processesProven());
    assertThat(5 * soon.descriptorsProven()).isGreaterThan(usual.descriptorsProven());
    assertThat(5 * soon.descriptorsWalked()).isGreaterThan(usual.descriptorsWalked());
    assertThat(soon.newProcesses()).isEqualTo(usual.newProcesses());
  }
}
