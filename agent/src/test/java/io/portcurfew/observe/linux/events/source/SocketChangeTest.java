package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SocketChangeTest {

  private static SocketChange change(boolean opened, int pid, long cookie) {
    return new SocketChange(
        opened, 7, Protocol.TCP, Address.ANY_IPV4, 611, pid, 0, cookie, Duration.ZERO);
  }

  @Test
  void openingOutsideOfThePidNamespace_hasNoOrigin() {
    assertThat(change(true, 0, 0).isOfUnknownOrigin()).isTrue();
  }

  @Test
  void openingWithProcessOrNamespace_hasAnOrigin() {
    assertThat(change(true, 4711, 0).isOfUnknownOrigin()).isFalse();
    assertThat(change(true, 0, 41).isOfUnknownOrigin()).isFalse();
    assertThat(change(false, 0, 0).isOfUnknownOrigin()).isFalse();
  }
}
