package io.portcurfew.notify;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Those who vouch for the servers of a test. */
final class Vouching {

  private Vouching() {}

  /** The certificate of this file alone. */
  static Authorities by(Path pem) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return new Authorities(
        List.of(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)))));
  }
}
