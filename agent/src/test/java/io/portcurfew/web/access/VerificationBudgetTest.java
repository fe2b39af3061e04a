package io.portcurfew.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerificationBudgetTest {

  private static final Duration HASH = Duration.ofMillis(70);

  private final VerificationBudget budget = new VerificationBudget(Duration.ZERO);

  private static InetAddress at(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void wrong(String client, Duration now) {
    budget.spend(at(client), HASH, false, now);
  }

  @Test
  void pausesDoubleUpToAMinute() {
    Duration now = Duration.ZERO;
    int verified = 0;
    for (int second = 0; second < 600; second++) {
      now = Duration.ofSeconds(second);
      if (budget.allows(at("192.0.2.1"), now)) {
        wrong("192.0.2.1", now);
        verified++;
      }
    }
    assertThat(verified).isBetween(10, 20);
    assertThat(budget.allows(at("192.0.2.2"), now)).isTrue();
  }

  @Test
  void rightPasswordEndsThePause() {
    for (int i = 0; i < 3; i++) {
      wrong("192.0.2.1", Duration.ZERO);
    }
    assertThat(budget.allows(at("192.0.2.1"), Duration.ZERO)).isFalse();
    budget.spend(at("192.0.2.1"), HASH, true, Duration.ZERO);
    assertThat(budget.allows(at("192.0.2.1"), Duration.ZERO)).isTrue();
  }

  @Test
  void networkOfIpv6IsOneClient() {
    for (int i = 1; i <= 3; i++) {
      wrong("2001:db8::" + i, Duration.ZERO);
    }
    assertThat(budget.allows(at("2001:db8::ffff"), Duration.ZERO)).isFalse();
    assertThat(budget.allows(at("2001:db8:0:1::1"), Duration.ZERO)).isTrue();
  }

  @Test
  void thisHostIsOneClient() {
    for (int i = 1; i <= 3; i++) {
      wrong("127.0.0." + i, Duration.ZERO);
    }
    assertThat(budget.allows(at("127.9.9.9"), Duration.ZERO)).isFalse();
    assertThat(budget.allows(at("::1"), Duration.ZERO)).isFalse();
  }

  @Test
  void allClientsTogetherStayBelowTheShare() {
    Duration spent = Duration.ZERO;
    int client = 0;
    for (long millis = 0; millis < 600_000; millis += 10) {
      client++;
      InetAddress from =
          at("10." + (client >> 16) + "." + (client >> 8 & 255) + "." + (client & 255));
      Duration now = Duration.ofMillis(millis);
      if (budget.allows(from, now)) {
        budget.spend(from, HASH, false, now);
        spent = spent.plus(HASH);
      }
    }
    assertThat(spent.toMillis()).isBetween(8_000L, 10_500L);
  }
}
