package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose socket may be one of the host. */
class OwnNamespaceTest {

  private static final long HOST = 1;
  private static final long OTHER = 2;
  private static final long COOKIE = 7;

  private static boolean mayBeOfHost(@Nullable Long process, boolean inHostUsers, long cookie) {
    ProcessGlimpse glimpse =
        new ProcessGlimpse(
            4711, 1L, null, 1000L, 1000L, "/usr/bin/nc", null, process, true, inHostUsers);
    SocketChange change =
        new SocketChange(
            true, 9, Protocol.TCP, Address.ANY_IPV4, 611, 4711, 1000, cookie, Duration.ZERO);
    return new OwnNamespace(HOST, COOKIE).mayHaveSocketOf(change, glimpse);
  }

  @Test
  void processThatWentElsewhereByItself_mayHaveTakenItsSocket() {
    assertThat(mayBeOfHost(OTHER, false, 0)).isTrue();
  }

  @Test
  void processThatRootMovedElsewhere_hasSocketsOfThatPlace() {
    assertThat(mayBeOfHost(OTHER, true, 0)).isFalse();
  }

  @Test
  void processOfAnUnknownNamespace_mayBeOnTheHost() {
    assertThat(mayBeOfHost(null, true, 0)).isTrue();
  }

  @Test
  void processOfTheHost_isInNoDoubt() {
    assertThat(mayBeOfHost(HOST, false, 0)).isFalse();
  }

  @Test
  void cookieOfTheSocket_decides() {
    assertThat(mayBeOfHost(OTHER, false, COOKIE)).isFalse();
    assertThat(mayBeOfHost(OTHER, false, COOKIE + 1)).isFalse();
  }

  /** Only scans and the source of closings know its end. */
  @Test
  void udpSocket_isLeftToTheScans() {
    ProcessGlimpse glimpse = ProcessGlimpse.UNKNOWN;
    SocketChange change =
        new SocketChange(true, 9, Protocol.UDP, Address.ANY_IPV4, 611, 4711, Duration.ZERO);
    assertThat(new OwnNamespace(HOST, 0).mayHaveSocketOf(change, glimpse)).isFalse();
  }
}
