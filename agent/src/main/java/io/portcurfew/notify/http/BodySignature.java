package io.portcurfew.notify.http;

import io.portcurfew.notify.Secret;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature of a body, by which a receiver verifies its origin and integrity. */
public final class BodySignature {

  private static final String HMAC = "HmacSHA256";

  private BodySignature() {}

  /** The value of the header: {@code sha256=} and the HMAC-SHA-256 (RFC 2104) in lower-case hex. */
  public static String of(byte[] body, Secret secret) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.bytes(), HMAC));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      // Every Java platform has this algorithm (javax.crypto.Mac), and it accepts any key.
      throw new IllegalStateException(impossible);
    }
  }
}
