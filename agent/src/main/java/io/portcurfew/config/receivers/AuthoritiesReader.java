package io.portcurfew.config.receivers;

import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.GuardedFile;
import io.portcurfew.config.files.GuardedFile.Content;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;

/** Reads a PEM file of the certificate authorities that a receiver trusts. */
public final class AuthoritiesReader {

  private static final int MOST = 1 << 20;
  private static final String EXPECTED =
      "the absolute path of a file of certificates in PEM, like /etc/ssl/certs/site.pem";

  private AuthoritiesReader() {}

  /** The {@code ca_file} of a receiver with URLs; it is refused if none of them is https. */
  public static TrustedAuthorities read(Section section, List<URI> urls) {
    Optional<Field> field = section.optional("ca_file");
    if (!urls.isEmpty() && urls.stream().noneMatch(url -> url.getScheme().equals("https"))) {
      field.ifPresent(useless -> useless.wrong("http uses no certificates", "no ca_file"));
    }
    return field.flatMap(AuthoritiesReader::read).orElse(TrustedAuthorities.OF_THE_HOST);
  }

  /** Reads the file that a field names. */
  public static Optional<TrustedAuthorities> read(Field field) {
    Optional<Path> file = PathReader.absolute(field, EXPECTED);
    try {
      return file.isEmpty() ? Optional.empty() : read(field, file.get());
    } catch (IOException e) {
      field.wrong("the certificate file " + FileErrorText.of(e), EXPECTED);
      return Optional.empty();
    }
  }

  private static Optional<TrustedAuthorities> read(Field field, Path file) throws IOException {
    field.problems().reads(file);
    Content content = GuardedFile.read(file, MOST, FileTrust.OF_THIS_PROCESS);
    content.complaints().forEach(why -> field.wrong(why.what(), why.found(), why.expected(), null));
    return content.bytes().flatMap(bytes -> certificates(field, bytes));
  }

  private static Optional<TrustedAuthorities> certificates(Field field, byte[] pem) {
    try {
      TrustedAuthorities all = TrustedAuthorities.of(new ByteArrayInputStream(pem));
      if (pem.length <= MOST) {
        return Optional.of(all);
      }
    } catch (CertificateException notCertificates) {
      // The message of the exception is for programmers.
    }
    field.wrong("the file holds no valid certificates", EXPECTED);
    return Optional.empty();
  }
}
