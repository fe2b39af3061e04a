package io.portcurfew.bundle.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one signature by one key. */
final class KeySignature {

  private static final String WRONG = "the signature does not fit the file";

  private KeySignature() {}

  /**
   * Refuses a signature that the key has not made for these bytes.
   *
   * @param signature the algorithm and the bytes, as SSH writes them
   */
  static void check(SshKey key, byte[] signature, byte[] signed) throws SignatureRefusal {
    WireReader in = new WireReader(signature, "the signature");
    String algorithm = in.text();
    byte[] raw = in.string();
    byte[] message = key.application() == null ? signed : ofHardware(key.application(), in, signed);
    in.end();
    if (!algorithms(key).contains(algorithm)) {
      throw new SignatureRefusal(
          "a key of the type "
              + key.type()
              + " cannot sign by "
              + SshSignature.shown(algorithm)
              + "; expected: "
              + String.join(" or ", algorithms(key)));
    }
    try {
      Signature check = Signature.getInstance(ofJava(algorithm));
      check.initVerify(key.key());
      check.update(message);
      if (!check.verify(algorithm.contains("ecdsa") ? fixedLength(algorithm, raw) : raw)) {
        throw new SignatureRefusal(WRONG);
      }
    } catch (GeneralSecurityException e) {
      // The JDK refuses a signature of another length by an exception.
      throw new SignatureRefusal(WRONG, e);
    }
  }

  private static Set<String> algorithms(SshKey key) {
    return key.type().equals("ssh-rsa")
        ? Set.of("rsa-sha2-256", "rsa-sha2-512")
        : Set.of(key.type());
  }

  private static String ofJava(String algorithm) {
    return switch (algorithm) {
      case "rsa-sha2-256" -> "SHA256withRSA";
      case "rsa-sha2-512" -> "SHA512withRSA";
      case "ecdsa-sha2-nistp384" -> "SHA384withECDSAinP1363Format";
      case "ecdsa-sha2-nistp521" -> "SHA512withECDSAinP1363Format";
      case "ecdsa-sha2-nistp256", "sk-ecdsa-sha2-nistp256@openssh.com" ->
          "SHA256withECDSAinP1363Format";
      default -> "Ed25519";
    };
  }

  /** A hardware key signs digests with its flags and its counter (PROTOCOL.u2f). */
  private static byte[] ofHardware(byte @Nullable [] application, WireReader in, byte[] signed)
      throws SignatureRefusal {
    byte[] flagsAndCounter = in.bytes(1 + Integer.BYTES);
    byte[] name = application == null ? "ssh:".getBytes(US_ASCII) : application;
    if ((flagsAndCounter[0] & 1) == 0) {
      throw new SignatureRefusal("nobody touched the hardware key for this signature");
    }
    return new WireWriter()
        .raw(Digests.of("SHA-256", name))
        .raw(flagsAndCounter)
        .raw(Digests.of("SHA-256", signed))
        .bytes();
  }

  /** Both numbers of ECDSA, each in the length of its curve. */
  private static byte[] fixedLength(String algorithm, byte[] raw) throws SignatureRefusal {
    int length = algorithm.endsWith("nistp521") ? 66 : algorithm.endsWith("nistp384") ? 48 : 32;
    WireReader in = new WireReader(raw, "the signature");
    byte[] both = new byte[2 * length];
    for (int i = 0; i < 2; i++) {
      BigInteger number = in.positive();
      byte[] bytes = number.toByteArray();
      int skipped = bytes[0] == 0 ? 1 : 0;
      if (bytes.length - skipped > length) {
        throw in.damaged();
      }
      int used = bytes.length - skipped;
      System.arraycopy(bytes, skipped, both, (i + 1) * length - used, used);
    }
    in.end();
    return both;
  }
}
