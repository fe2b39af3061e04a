package io.portcurfew.web.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * The certificates that clients must or may present.
 *
 * @param authorities those that certify clients; empty if the mode verifies none
 * @param allowedSans a certificate must have one of these subject alternative names; empty for any
 */
public record ClientCertificates(
    Mode mode, List<X509Certificate> authorities, Set<String> allowedSans) {

  /** No certificates of clients. */
  public static final ClientCertificates NONE =
      new ClientCertificates(Mode.NO_CLIENT_CERT, List.of(), Set.of());

  public ClientCertificates {
    authorities = List.copyOf(authorities);
    allowedSans = Set.copyOf(allowedSans);
  }

  /** The values of {@code client_auth_type}, which are those of Go's {@code tls.ClientAuthType}. */
  public enum Mode {
    NO_CLIENT_CERT("NoClientCert", false, false, false),
    REQUEST("RequestClientCert", true, false, false),
    REQUIRE_ANY("RequireAnyClientCert", true, true, false),
    VERIFY_IF_GIVEN("VerifyClientCertIfGiven", true, false, true),
    REQUIRE_AND_VERIFY("RequireAndVerifyClientCert", true, true, true);

    private final String label;
    private final boolean asks;
    private final boolean requires;
    private final boolean verifies;

    Mode(String label, boolean asks, boolean requires, boolean verifies) {
      this.label = label;
      this.asks = asks;
      this.requires = requires;
      this.verifies = verifies;
    }

    /** The word in the file. */
    public String label() {
      return label;
    }

    /** True if the server asks for a certificate. */
    public boolean asks() {
      return asks;
    }

    /** True if a client without a certificate is refused. */
    public boolean requires() {
      return requires;
    }

    /** True if an authority must have signed the certificate. */
    public boolean verifies() {
      return verifies;
    }

    /** True if a client needs a certificate of an authority. */
    public boolean isRequiredAndVerified() {
      return requires && verifies;
    }
  }
}
