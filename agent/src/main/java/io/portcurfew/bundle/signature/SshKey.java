package io.portcurfew.bundle.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A public key of SSH: Ed25519, ECDSA or RSA, the first two also of a hardware key (RFC 8709, RFC
 * 5656, RFC 4253; OpenSSH, PROTOCOL.u2f).
 */
final class SshKey {

  private static final Map<String, String> CURVES =
      Map.of(
          "ecdsa-sha2-nistp256", "secp256r1",
          "ecdsa-sha2-nistp384", "secp384r1",
          "ecdsa-sha2-nistp521", "secp521r1",
          "sk-ecdsa-sha2-nistp256@openssh.com", "secp256r1");
  private static final Map<String, String> CURVE_NAMES =
      Map.of("secp256r1", "nistp256", "secp384r1", "nistp384", "secp521r1", "nistp521");

  /** The start of an Ed25519 key in X.509 (RFC 8410). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_LENGTH = 32;
  private static final int LEAST_RSA = 2048;
  private static final int MOST_RSA = 16_384;

  private final String type;
  private final PublicKey key;
  private final byte @Nullable [] application;
  private final byte[] blob;

  private SshKey(String type, PublicKey key, byte @Nullable [] application, byte[] blob) {
    this.type = type;
    this.key = key;
    this.application = application;
    this.blob = blob;
  }

  /** The name of its kind, like {@code ssh-ed25519}. */
  String type() {
    return type;
  }

  /** The key for the JDK. */
  PublicKey key() {
    return key;
  }

  /** The application of a hardware key; {@code null} for any other key. */
  byte @Nullable [] application() {
    return application == null ? null : application.clone();
  }

  /** Reads a key without a certificate. */
  static SshKey parse(byte[] blob) throws SignatureRefusal {
    WireReader in = new WireReader(blob, "the key");
    SshKey key = read(in.text(), in, blob);
    in.end();
    return key;
  }

  /**
   * Reads the fields of a key that follow its type, inside a certificate too.
   *
   * @param blob the whole key, or {@code null} to put it together from the fields
   */
  static SshKey read(String type, WireReader in, byte @Nullable [] blob) throws SignatureRefusal {
    WireWriter again = new WireWriter().string(type.getBytes(US_ASCII));
    PublicKey key;
    try {
      if (type.equals("ssh-ed25519") || type.equals("sk-ssh-ed25519@openssh.com")) {
        byte[] point = in.string();
        again.string(point);
        key = ed25519(point, in);
      } else if (CURVES.containsKey(type)) {
        key = ecdsa(CURVES.get(type), in, again);
      } else if (type.equals("ssh-rsa")) {
        key = rsa(in, again);
      } else {
        throw new SignatureRefusal("keys of the type " + SshSignature.shown(type) + " are unknown");
      }
    } catch (GeneralSecurityException e) {
      throw new SignatureRefusal("the key is damaged", e);
    }
    byte[] application = type.startsWith("sk-") ? in.string() : null;
    if (application != null) {
      again.string(application);
    }
    return new SshKey(type, key, application, blob == null ? again.bytes() : blob);
  }

  private static PublicKey ed25519(byte[] point, WireReader in)
      throws SignatureRefusal, GeneralSecurityException {
    if (point.length != ED25519_LENGTH) {
      throw in.damaged();
    }
    byte[] encoded = new WireWriter().raw(ED25519).raw(point).bytes();
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PublicKey ecdsa(@Nullable String curve, WireReader in, WireWriter again)
      throws SignatureRefusal, GeneralSecurityException {
    byte[] name = in.string();
    byte[] point = in.string();
    again.string(name).string(point);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    int length = (spec.getOrder().bitLength() + 7) / 8;
    boolean uncompressed = point.length == 1 + 2 * length && point[0] == 4;
    if (!uncompressed || !new String(name, US_ASCII).equals(CURVE_NAMES.get(curve))) {
      throw in.damaged();
    }
    ECPoint at =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + length)),
            new BigInteger(1, Arrays.copyOfRange(point, 1 + length, point.length)));
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(at, spec));
  }

  private static PublicKey rsa(WireReader in, WireWriter again)
      throws SignatureRefusal, GeneralSecurityException {
    BigInteger exponent = in.positive();
    BigInteger modulus = in.positive();
    again.string(exponent.toByteArray()).string(modulus.toByteArray());
    int bits = modulus.bitLength();
    if (bits < LEAST_RSA || bits > MOST_RSA) {
      throw new SignatureRefusal(
          "an RSA key has " + bits + " bits; " + LEAST_RSA + " to " + MOST_RSA + " are allowed");
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  /** The fingerprint as {@code ssh-keygen -l} prints it. */
  String fingerprint() {
    byte[] digest = Digests.of("SHA-256", blob);
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
  }

  /** True for the same key. */
  boolean isSameAs(SshKey other) {
    return Arrays.equals(blob, other.blob);
  }
}
