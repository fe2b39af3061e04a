package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Those who vouch for the servers of a test. */
final class TestAuthorities {

  private TestAuthorities() {}

  /** The certificate of this file alone. */
  static TrustedAuthorities by(Path pem) throws Exception {
    return TrustedAuthorities.of(new ByteArrayInputStream(Files.readAllBytes(pem)));
  }
}
