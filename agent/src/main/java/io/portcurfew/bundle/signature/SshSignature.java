package io.portcurfew.bundle.signature;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A signature as {@code ssh-keygen -Y sign} writes it (OpenSSH, PROTOCOL.sshsig). */
final class SshSignature {

  /** A signature of a certificate with RSA of 16,384 bits is below that. */
  static final int MOST = 64 * 1024;

  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
  private static final String END = "-----END SSH SIGNATURE-----";
  private static final int MOST_SHOWN = 60;

  private final byte[] key;
  private final String namespace;
  private final String hash;
  private final byte[] signature;

  /**
   * A signature.
   *
   * @param key the public key or certificate of the signer
   * @param namespace the purpose of the signature
   * @param hash the algorithm that made the digest of the message: sha256 or sha512
   * @param signature the algorithm and the bytes of the signature
   */
  SshSignature(byte[] key, String namespace, String hash, byte[] signature) {
    this.key = key.clone();
    this.namespace = namespace;
    this.hash = hash;
    this.signature = signature.clone();
  }

  /** The public key or certificate of the signer. */
  byte[] key() {
    return key.clone();
  }

  /** The purpose of the signature. */
  String namespace() {
    return namespace;
  }

  /** The algorithm and the bytes of the signature. */
  byte[] signature() {
    return signature.clone();
  }

  /** Reads a signature file. */
  static SshSignature parse(byte[] file) throws SignatureRefusal {
    if (file.length == 0) {
      throw new SignatureRefusal("the signature is empty");
    }
    if (file.length > MOST) {
      throw new SignatureRefusal("the signature is larger than " + MOST / 1024 + " KiB");
    }
    WireReader in = new WireReader(unarmored(file), "the signature");
    if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw in.damaged();
    }
    long version = in.uint32();
    if (version != 1) {
      throw new SignatureRefusal("the signature has the unknown version " + version);
    }
    byte[] key = in.string();
    String namespace = in.text();
    in.string(); // Reserved; OpenSSH ignores it, and the signature does not cover it.
    String hash = in.text();
    byte[] signature = in.string();
    in.end();
    if (!hash.equals("sha256") && !hash.equals("sha512")) {
      throw new SignatureRefusal("the signature uses the unknown hash " + shown(hash));
    }
    return new SshSignature(key, namespace, hash, signature);
  }

  private static byte[] unarmored(byte[] file) throws SignatureRefusal {
    String text = new String(file, StandardCharsets.ISO_8859_1).strip();
    if (!text.startsWith(BEGIN)) {
      throw new SignatureRefusal("the signature file does not begin with " + BEGIN);
    }
    if (!text.endsWith(END) || text.length() < BEGIN.length() + END.length()) {
      throw new SignatureRefusal("the signature file ends early");
    }
    String body = text.substring(BEGIN.length(), text.length() - END.length());
    try {
      return Base64.getDecoder().decode(body.replaceAll("[\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw new SignatureRefusal("the signature is damaged", e);
    }
  }

  /** The bytes that the signer has signed for a message. */
  byte[] signedBytes(byte[] message) {
    byte[] digest = Digests.of(hash.equals("sha256") ? "SHA-256" : "SHA-512", message);
    return new WireWriter()
        .raw(MAGIC)
        .string(namespace.getBytes(StandardCharsets.UTF_8))
        .string(new byte[0])
        .string(hash.getBytes(StandardCharsets.UTF_8))
        .string(digest)
        .bytes();
  }

  /** Text of a stranger, short and escaped. */
  static String shown(String raw) {
    return HostText.of(raw, MOST_SHOWN).toString();
  }
}
