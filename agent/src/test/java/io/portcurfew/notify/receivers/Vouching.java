package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.Authorities;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Those who vouch for the servers of a test. */
final class Vouching {

  private Vouching() {}

  /** The certificate of this file alone. */
  static Authorities by(Path pem) throws Exception {
    return Authorities.of(new ByteArrayInputStream(Files.readAllBytes(pem)));
  }
}
