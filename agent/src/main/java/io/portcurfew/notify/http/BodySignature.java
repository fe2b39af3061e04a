package io.portcurfew.notify.http;

import io.portcurfew.notify.Secret;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** By which a receiver knows that the body is ours and whole. */
public final class BodySignature {

  private static final String HMAC = "HmacSHA256";

  private BodySignature() {}

  /** As in the header: {@code sha256=} and the HMAC-SHA-256 (RFC 2104) in lower-case hex. */
  public static String of(byte[] body, Secret secret) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.bytes(), HMAC));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      // Every Java platform has it (javax.crypto.Mac), and it takes any key.
      throw new IllegalStateException(impossible);
    }
  }
}
