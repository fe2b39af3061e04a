package io.portcurfew.notify.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * The certificate authorities that this host trusts. A Java runtime ships its own list; the admin
 * maintains that of the host.
 */
final class HostTrust {

  /** The list's path on Debian and Alpine, Red Hat, SUSE, macOS and the BSDs. */
  private static final List<Path> PLACES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private HostTrust() {}

  /** Loaded by the first connection, since most agents have none. */
  private static final class LazySockets {
    static final SSLSocketFactory SOCKETS = sockets(PLACES);
  }

  /** Makes sockets that trust the authorities of the host. */
  static SSLSocketFactory sockets() {
    return LazySockets.SOCKETS;
  }

  /** Uses the first file with a certificate, else the list of the Java runtime. */
  static SSLSocketFactory sockets(List<Path> places) {
    for (Path place : places) {
      try (InputStream pem = Files.newInputStream(place)) {
        return TrustedAuthorities.of(pem).sockets();
      } catch (IOException | CertificateException notThere) {
        // The next file may hold certificates.
      }
    }
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }
}
