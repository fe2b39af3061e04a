package io.portcurfew.bundle.signature;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys and authorities whose signatures are accepted: the content of an {@code allowed_signers}
 * file (ssh-keygen(1), ALLOWED SIGNERS), without revoked keys.
 */
public final class AllowedSigners {

  /** The largest list, in bytes. */
  public static final int MOST = 256 * 1024;

  private final List<AllowedSigner> signers;
  private final List<SshKey> revoked;

  private AllowedSigners(List<AllowedSigner> signers, List<SshKey> revoked) {
    this.signers = List.copyOf(signers);
    this.revoked = List.copyOf(revoked);
  }

  /**
   * The signer of a file.
   *
   * @param principal the name of the signer as the list or the certificate has it
   * @param fingerprint the fingerprint of the key, as {@code ssh-keygen -l} prints it
   */
  public record Signer(String principal, String fingerprint) {

    @Override
    public String toString() {
      return principal + " (" + fingerprint + ")";
    }
  }

  /**
   * Reads a list.
   *
   * @param name the name of the file in a refusal
   * @throws SignatureRefusal if a line is wrong or no key is listed
   */
  public static AllowedSigners parse(String name, byte[] file) throws SignatureRefusal {
    List<AllowedSigner> signers = new ArrayList<>();
    for (KeyLine line : lines(name, file)) {
      signers.add(SignerLine.parse(line.place(), line.text()));
    }
    if (signers.isEmpty()) {
      throw new SignatureRefusal(name + ": the file lists no key");
    }
    return new AllowedSigners(signers, List.of());
  }

  /**
   * The same list without revoked keys.
   *
   * @param name the name of the file in a refusal
   * @param file public keys, one per line, as sshd_config(5) describes for RevokedKeys
   */
  public AllowedSigners without(String name, byte[] file) throws SignatureRefusal {
    List<SshKey> keys = new ArrayList<>();
    for (KeyLine line : lines(name, file)) {
      String[] words = line.text().split("[ \t]+", -1);
      if (words.length < 2) {
        throw new SignatureRefusal(line.place() + ": not a public key. Expected: KEYTYPE KEY");
      }
      keys.add(SignerLine.key(line.place(), words[0], words[1]));
    }
    return new AllowedSigners(signers, keys);
  }

  /** A line and its place: the name of the file and the number of the line. */
  private record KeyLine(String place, String text) {}

  private static List<KeyLine> lines(String name, byte[] file) throws SignatureRefusal {
    if (file.length > MOST) {
      throw new SignatureRefusal(name + " is larger than " + MOST / 1024 + " KiB");
    }
    List<String> all = new String(file, StandardCharsets.UTF_8).lines().toList();
    List<KeyLine> lines = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String text = all.get(i).strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        lines.add(new KeyLine(name + ":" + (i + 1), text));
      }
    }
    return lines;
  }

  /**
   * Verifies the signature of a file.
   *
   * @param signature the content of the signature file
   * @param namespace the purpose that the signature must have
   * @param at the time at which the key must be valid
   * @throws SignatureRefusal if the signature is damaged, for another purpose, of a key that is not
   *     listed, revoked or not valid at this time, or of another file
   */
  public Signer verify(byte[] file, byte[] signature, String namespace, Instant at)
      throws SignatureRefusal {
    SshSignature parsed = SshSignature.parse(signature);
    if (!parsed.namespace().equals(namespace)) {
      throw new SignatureRefusal(
          "the signature is for the namespace "
              + SshSignature.shown(parsed.namespace())
              + "; expected: "
              + namespace);
    }
    String type = new WireReader(parsed.key(), "the key").text();
    byte[] signed = parsed.signedBytes(file);
    if (SshCertificate.isType(type)) {
      return byCertificate(SshCertificate.parse(parsed.key()), parsed, signed, at);
    }
    SshKey key = SshKey.parse(parsed.key());
    AllowedSigner signer = listed(key, false, namespace, at, List.of());
    KeySignature.check(key, parsed.signature(), signed);
    return new Signer(SshSignature.shown(signer.principals()), key.fingerprint());
  }

  private Signer byCertificate(
      SshCertificate certificate, SshSignature parsed, byte[] signed, Instant at)
      throws SignatureRefusal {
    refuseRevoked(certificate.key());
    List<String> principals = certificate.principals();
    if (principals.isEmpty()) {
      throw new SignatureRefusal("the certificate has no principal");
    }
    AllowedSigner authority =
        listed(certificate.authority(), true, parsed.namespace(), at, principals);
    certificate.checkTime(at);
    KeySignature.check(certificate.key(), parsed.signature(), signed);
    PatternList allowed = PatternList.of(authority.principals());
    String principal = principals.stream().filter(allowed::matches).findFirst().orElse("");
    return new Signer(SshSignature.shown(principal), certificate.key().fingerprint());
  }

  /** The first line that allows the key; if none does, the refusal of the last line with it. */
  private AllowedSigner listed(
      SshKey key, boolean authority, String namespace, Instant at, List<String> principals)
      throws SignatureRefusal {
    refuseRevoked(key);
    SignatureRefusal why =
        new SignatureRefusal(
            (authority ? "the authority " : "the key ")
                + key.fingerprint()
                + " is not in the list of allowed signers");
    for (AllowedSigner signer : signers) {
      if (signer.authority() == authority && signer.key().isSameAs(key)) {
        try {
          signer.check(namespace, at);
          if (!authority
              || principals.stream().anyMatch(PatternList.of(signer.principals())::matches)) {
            return signer;
          }
          why = new SignatureRefusal(signer.describe() + " may not certify this signer");
        } catch (SignatureRefusal refused) {
          why = refused;
        }
      }
    }
    throw why;
  }

  private void refuseRevoked(SshKey key) throws SignatureRefusal {
    if (revoked.stream().anyMatch(key::isSameAs)) {
      throw new SignatureRefusal("the key " + key.fingerprint() + " is revoked");
    }
  }
}
