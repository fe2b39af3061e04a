package io.portcurfew.bundle.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate of OpenSSH for a user's key (PROTOCOL.certkeys).
 *
 * @param key the certified key
 * @param id the name that the authority gave to the certificate
 * @param principals the names for which it was issued
 * @param validAfter in seconds since 1970
 * @param validBefore in seconds since 1970; negative for ever
 * @param authority the key of the authority
 */
record SshCertificate(
    SshKey key,
    String id,
    List<String> principals,
    long validAfter,
    long validBefore,
    SshKey authority) {

  private static final String SUFFIX = "-cert-v01@openssh.com";
  private static final int OF_A_USER = 1;
  private static final int MOST_PRINCIPALS = 256;

  /** True if a key of this type is a certificate. */
  static boolean isType(String type) {
    return type.endsWith(SUFFIX);
  }

  /** Reads a certificate and checks that its authority signed it. */
  static SshCertificate parse(byte[] blob) throws SignatureRefusal {
    WireReader in = new WireReader(blob, "the certificate");
    String certified = in.text();
    String type = certified.substring(0, certified.length() - SUFFIX.length());
    in.string(); // A random number of the authority.
    SshKey key = SshKey.read(type.startsWith("sk-") ? type + "@openssh.com" : type, in, null);
    in.uint64(); // The serial number.
    long kind = in.uint32();
    String id = in.text();
    List<String> principals = texts(in.string());
    long after = in.uint64();
    long before = in.uint64();
    boolean hasOptions = in.string().length > 0;
    in.string(); // Extensions; they only concern logins.
    in.string(); // Reserved.
    SshKey authority = SshKey.parse(in.string());
    byte[] signed = Arrays.copyOf(blob, in.position());
    byte[] signature = in.string();
    in.end();
    if (kind != OF_A_USER) {
      throw new SignatureRefusal("the certificate " + SshSignature.shown(id) + " is not a user's");
    }
    if (hasOptions) {
      throw new SignatureRefusal(
          "the certificate " + SshSignature.shown(id) + " has critical options; expected: none");
    }
    checkAuthority(id, authority, signature, signed);
    return new SshCertificate(key, id, principals, after, before, authority);
  }

  private static void checkAuthority(String id, SshKey authority, byte[] signature, byte[] signed)
      throws SignatureRefusal {
    try {
      KeySignature.check(authority, signature, signed);
    } catch (SignatureRefusal e) {
      throw new SignatureRefusal(
          "the certificate " + SshSignature.shown(id) + " was not signed by its authority", e);
    }
  }

  private static List<String> texts(byte[] packed) throws SignatureRefusal {
    WireReader in = new WireReader(packed, "the certificate");
    List<String> texts = new ArrayList<>();
    while (in.hasMore()) {
      texts.add(in.text());
      if (texts.size() > MOST_PRINCIPALS) {
        throw new SignatureRefusal("the certificate has more than 256 principals");
      }
    }
    return List.copyOf(texts);
  }

  /** Refuses a certificate that is not valid at this time. */
  void checkTime(Instant at) throws SignatureRefusal {
    long now = at.getEpochSecond();
    if (validAfter < 0 || now < validAfter) {
      throw new SignatureRefusal(
          "the certificate " + SshSignature.shown(id) + " is not valid before " + time(validAfter));
    }
    if (validBefore >= 0 && now >= validBefore) {
      throw new SignatureRefusal(
          "the certificate " + SshSignature.shown(id) + " expired at " + time(validBefore));
    }
  }

  private static String time(long seconds) {
    try {
      return seconds < 0 ? "any time" : Instant.ofEpochSecond(seconds).toString();
    } catch (DateTimeException far) {
      return "any time";
    }
  }
}
