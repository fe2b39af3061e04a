package io.portcurfew.config.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an unencrypted private key in PEM: PKCS #8 (RFC 5958), PKCS #1 of RSA (RFC 8017) or SEC 1
 * of elliptic curves (RFC 5915). Java knows the first; the others are put into it.
 */
final class PrivateKeyReader {

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /** {@code INTEGER 0}, the version of PKCS #8. */
  private static final byte[] VERSION = HexFormat.of().parseHex("020100");

  /** {@code SEQUENCE {rsaEncryption, NULL}}. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** {@code id-ecPublicKey}. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private PrivateKeyReader() {}

  /**
   * The private key of a text.
   *
   * @param owner the certificate of the key, which names the curve of a SEC 1 key
   * @return empty if there is no readable key
   */
  static Optional<PrivateKey> read(String pem, X509Certificate owner) {
    Matcher block = PEM.matcher(pem);
    if (!block.find()) {
      return Optional.empty();
    }
    try {
      byte[] body = Base64.getMimeDecoder().decode(block.group(2));
      PublicKey of = owner.getPublicKey();
      return key(pkcs8(block.group(1), body, of), of.getAlgorithm());
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * A key of the expected algorithm, else of another one. The order matters: a factory that cannot
   * read a key makes Java load every security provider that it has.
   */
  private static Optional<PrivateKey> key(byte[] pkcs8, String expected)
      throws GeneralSecurityException {
    List<String> algorithms = new ArrayList<>(ALGORITHMS);
    if (algorithms.remove(expected)) {
      algorithms.add(0, expected);
    }
    for (String algorithm : algorithms) {
      try {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
      } catch (InvalidKeySpecException another) {
        // The key is of another algorithm.
      }
    }
    return Optional.empty();
  }

  private static byte[] pkcs8(String kind, byte[] body, PublicKey owner) {
    return switch (kind) {
      case "RSA PRIVATE KEY" -> der(SEQUENCE, VERSION, RSA, der(OCTETS, body));
      case "EC PRIVATE KEY" -> der(SEQUENCE, VERSION, algorithm(owner), der(OCTETS, body));
      default -> body;
    };
  }

  /** The algorithm and curve of a public key: the first element of its SubjectPublicKeyInfo. */
  private static byte[] algorithm(PublicKey owner) {
    byte[] encoded = owner.getEncoded();
    int start = encoded[1] < 0 ? 2 + (encoded[1] & 0x7F) : 2;
    int length = 2 + encoded[start + 1];
    byte[] algorithm = Arrays.copyOfRange(encoded, start, start + length);
    boolean isCurve = HexFormat.of().formatHex(algorithm).contains(HexFormat.of().formatHex(EC));
    if (!isCurve) {
      throw new IllegalArgumentException("the certificate is not of an elliptic curve");
    }
    return algorithm;
  }

  /** An element of DER (X.690, section 8.1) with these parts. */
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int size = content.size();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (size >= 0x100) {
      all.write(0x82);
      all.write(size >> 8);
    } else if (size >= 0x80) {
      all.write(0x81);
    }
    all.write(size);
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  /** True if the key belongs to the certificate: it verifies what the key signs. */
  static boolean belongsTo(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = "Portcurfew".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException ofAnotherKind) {
      return false;
    }
  }
}
