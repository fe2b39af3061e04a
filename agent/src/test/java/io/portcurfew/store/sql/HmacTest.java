package io.portcurfew.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacTest {

  /** RFC 4231, 4.2 and 4.3. */
  @Test
  void publishedExamples_haveTheirResults() {
    Hmac first = new Hmac(HexFormat.of().parseHex("0b".repeat(20)));
    first.update("Hi There".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(first.end()))
        .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");

    Hmac second = new Hmac("Jefe".getBytes(StandardCharsets.US_ASCII));
    second.update("what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(second.end()))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  /** Databases of 0.1.0 have seals of the JDK's own. */
  @Test
  void result_isThatOfTheJdk() throws GeneralSecurityException {
    Random random = new Random(611);
    for (int bytes = 1; bytes <= 64; bytes++) {
      byte[] key = new byte[bytes];
      random.nextBytes(key);
      Mac jdk = Mac.getInstance("HmacSHA256");
      jdk.init(new SecretKeySpec(key, "HmacSHA256"));
      Hmac own = new Hmac(key);
      for (int length : new int[] {0, 1, 55, 63, 64, 65, 1_000}) {
        byte[] message = new byte[length];
        random.nextBytes(message);
        own.update((byte) length);
        own.update(ByteBuffer.wrap(message));
        own.update(message);
        jdk.update((byte) length);
        jdk.update(message);
        jdk.update(message);
        assertThat(own.end()).isEqualTo(jdk.doFinal());
      }
    }
  }

  @Test
  void longKey_isRefused() {
    byte[] key = new byte[65];
    Arrays.fill(key, (byte) 1);
    assertThatThrownBy(() -> new Hmac(key)).isInstanceOf(IllegalArgumentException.class);
  }
}
