package io.portcurfew.config;

import io.portcurfew.config.GuardedFile.Content;
import io.portcurfew.notify.Authorities;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a file of certificates in PEM, of those who vouch for a server. */
final class AuthoritiesReader {

  private static final int MOST = 1 << 20;
  private static final String EXPECTED =
      "the absolute path of a file of certificates in PEM, like /etc/ssl/certs/site.pem";

  private AuthoritiesReader() {}

  static Optional<Authorities> read(Field field) {
    Optional<Path> file = PathReader.absolute(field, EXPECTED);
    try {
      return file.isEmpty() ? Optional.empty() : read(field, file.get());
    } catch (IOException e) {
      field.wrong("the file of certificates " + FileWords.of(e), EXPECTED);
      return Optional.empty();
    }
  }

  private static Optional<Authorities> read(Field field, Path file) throws IOException {
    field.problems().files().touch(file);
    Content content = GuardedFile.read(file, MOST, Trust.OF_THIS_PROCESS);
    content.complaints().forEach(why -> field.wrong(why.what(), why.found(), why.expected(), null));
    return content.bytes().flatMap(bytes -> certificates(field, bytes));
  }

  private static Optional<Authorities> certificates(Field field, byte[] pem) {
    try {
      List<X509Certificate> all = new ArrayList<>();
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      factory
          .generateCertificates(new ByteArrayInputStream(pem))
          .forEach(one -> all.add((X509Certificate) one));
      if (!all.isEmpty() && pem.length <= MOST) {
        return Optional.of(new Authorities(all));
      }
    } catch (CertificateException notCertificates) {
      // What it says is for programmers.
    }
    field.wrong("the file holds no certificates that can be read", EXPECTED);
    return Optional.empty();
  }
}
