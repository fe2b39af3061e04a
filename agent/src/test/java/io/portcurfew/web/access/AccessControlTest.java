package io.portcurfew.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.portcurfew.web.access.Admission.Admitted;
import io.portcurfew.web.access.Admission.NotAdmitted;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessControlTest {

  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

  private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);

  private static String hash(String password) {
    return BCrypt.withDefaults().hashToString(4, password.toCharArray());
  }

  private static WebAccess users(Map<String, String> users) {
    return new WebAccess(null, users, Set.of("/-/healthy"), Map.of(), null);
  }

  private AccessControl control(WebAccess access) {
    return new AccessControl(access, now::get);
  }

  private static String basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static int status(Admission admission) {
    return admission instanceof NotAdmitted refused ? refused.status() : 200;
  }

  @Test
  void rightPasswordIsAdmitted() {
    AccessControl control = control(users(Map.of("alice", hash("p:ä"))));
    assertThat(control.decide("/metrics", basic("alice:p:ä"), CLIENT))
        .isEqualTo(new Admitted("alice"));
    assertThat(status(control.decide("/metrics", basic("alice:p"), CLIENT))).isEqualTo(401);
    assertThat(status(control.decide("/metrics", basic("bob:p:ä"), CLIENT))).isEqualTo(401);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Basic", "Basic !!!", "Basic YQ==", "Bearer YTpi", "Digest x"})
  void malformedLoginAsksForOneAtOnce(String header) {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    for (int i = 0; i < 20; i++) {
      NotAdmitted refused = (NotAdmitted) control.decide("/", header, CLIENT);
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.headers()).containsKey("WWW-Authenticate");
      assertThat(refused.delay()).isZero();
    }
  }

  @Test
  void excludedPathNeedsNoLogin() {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    assertThat(control.decide("/-/healthy", null, CLIENT)).isEqualTo(new Admitted(null));
    assertThat(status(control.decide("/-/ready", null, CLIENT))).isEqualTo(401);
  }

  @Test
  void wrongPasswordsAreAnsweredLate() {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    int verified = 0;
    for (int i = 0; i < 10; i++) {
      NotAdmitted refused = (NotAdmitted) control.decide("/", basic("alice:" + i), CLIENT);
      assertThat(refused.delay()).isPositive();
      verified += refused.status() == 401 ? 1 : 0;
    }
    assertThat(verified).isEqualTo(2);
  }

  @Test
  void delayGrowsWithWrongPasswords() {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      now.updateAndGet(before -> before.plusSeconds(64));
      delays.add(((NotAdmitted) control.decide("/", basic("alice:" + i), CLIENT)).delay());
    }
    assertThat(delays.stream().map(Duration::toSeconds)).containsExactly(1L, 1L, 2L, 4L, 8L, 8L);
    NotAdmitted repeated = (NotAdmitted) control.decide("/", basic("alice:5"), CLIENT);
    assertThat(repeated.delay()).hasSeconds(8);
  }

  @Test
  void timeOfAHashIsBoundedByItsCost() {
    assertThat(BcryptHash.mostTime("$2y$10$abc")).isEqualTo(Duration.ofMillis(280));
    assertThat(BcryptHash.mostTime("$2b$14$abc")).isEqualTo(Duration.ofMillis(4480));
    assertThat(BcryptHash.mostTime("$2a$04$abc")).isEqualTo(Duration.ofNanos(4_375_000));
  }

  @Test
  void knownPasswordIsAdmittedDuringAFlood() {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    String right = basic("alice:secret");
    assertThat(status(control.decide("/", right, CLIENT))).isEqualTo(200);
    for (int i = 0; i < 1000; i++) {
      control.decide("/", basic("alice:" + i), CLIENT);
      assertThat(status(control.decide("/", right, CLIENT))).isEqualTo(200);
    }
  }

  @Test
  void repeatedWrongPasswordCostsOnce() {
    AccessControl control = control(users(Map.of("alice", hash("secret"))));
    for (int i = 0; i < 100; i++) {
      assertThat(status(control.decide("/", basic("alice:stale"), CLIENT))).isEqualTo(401);
    }
  }

  @Test
  void changedHashForgetsTheOldPassword() {
    AccessControl control = control(users(Map.of("alice", hash("old"))));
    assertThat(status(control.decide("/", basic("alice:old"), CLIENT))).isEqualTo(200);
    control.use(users(Map.of("alice", hash("new"))));
    assertThat(status(control.decide("/", basic("alice:old"), CLIENT))).isEqualTo(401);
    assertThat(status(control.decide("/", basic("alice:new"), CLIENT))).isEqualTo(200);
    control.use(users(Map.of("bob", hash("new"))));
    assertThat(status(control.decide("/", basic("alice:new"), CLIENT))).isEqualTo(401);
  }

  @Test
  void rateLimitIsATokenBucket() {
    RequestRate rate = new RequestRate(Duration.ofSeconds(1), 3);
    AccessControl control = control(new WebAccess(null, Map.of(), Set.of(), Map.of(), rate));
    for (int i = 0; i < 3; i++) {
      assertThat(status(control.decide("/", null, CLIENT))).isEqualTo(200);
    }
    assertThat(status(control.decide("/", null, CLIENT))).isEqualTo(429);
    now.set(Duration.ofMillis(999));
    assertThat(status(control.decide("/", null, CLIENT))).isEqualTo(429);
    now.set(Duration.ofMillis(1999));
    assertThat(status(control.decide("/", null, CLIENT))).isEqualTo(200);
    assertThat(status(control.decide("/", null, CLIENT))).isEqualTo(429);
  }
}
