package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The certificate authorities of a test. */
final class TestAuthorities {

  private TestAuthorities() {}

  /** Only the certificate of this file. */
  static TrustedAuthorities by(Path pem) throws Exception {
    return TrustedAuthorities.of(new ByteArrayInputStream(Files.readAllBytes(pem)));
  }
}
