package io.portcurfew.notify.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * Whom this host trusts. A Java runtime brings a list of its own, made when it was built; that of
 * the host is the one that its admin keeps.
 */
final class HostTrust {

  /** Where the systems keep it: Debian and Alpine, Red Hat, SUSE, macOS and the BSDs. */
  private static final List<Path> PLACES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private HostTrust() {}

  /** Read when the first connection wants it, as most agents have none. */
  private static final class Read {
    static final SSLSocketFactory SOCKETS = sockets(PLACES);
  }

  /** Makes sockets that believe whom the host trusts. */
  static SSLSocketFactory sockets() {
    return Read.SOCKETS;
  }

  /** By the first of these files that holds any; else by the list of the Java runtime. */
  static SSLSocketFactory sockets(List<Path> places) {
    for (Path place : places) {
      try (InputStream pem = Files.newInputStream(place)) {
        return TrustedAuthorities.of(pem).sockets();
      } catch (IOException | CertificateException notThere) {
        // The next one may hold some.
      }
    }
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }
}
