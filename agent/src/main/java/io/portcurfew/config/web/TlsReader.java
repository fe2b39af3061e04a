package io.portcurfew.config.web;

import io.portcurfew.config.web.PemSource.Pem;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.web.access.ClientCertificates;
import io.portcurfew.web.access.TlsSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Reads {@code tls_server_config}. */
final class TlsReader {

  static final List<String> KEYS =
      List.of(
          "cert",
          "cert_file",
          "key",
          "key_file",
          "client_ca",
          "client_ca_file",
          "client_auth_type",
          "client_allowed_sans",
          "min_version",
          "max_version",
          "cipher_suites",
          "prefer_server_cipher_suites",
          "curve_preferences");

  private static final String CERTIFICATES = "certificates in PEM";
  private static final ChoiceReader<Boolean> BOOLEAN = ChoiceReader.yesOrNo();

  private TlsReader() {}

  /**
   * Reads the section; adds problems and returns nothing if it is not valid.
   *
   * @param folder the folder of relative paths
   */
  static Optional<TlsSettings> read(Field field, Path folder) {
    return Section.of(field, KEYS).flatMap(section -> read(section, folder));
  }

  private static Optional<TlsSettings> read(Section section, Path folder) {
    PemSource pems = new PemSource(section, folder);
    Optional<List<X509Certificate>> chain =
        pems.required("cert", false).flatMap(TlsReader::certificates);
    Optional<Pem> keyText = pems.required("key", true);
    Optional<PrivateKey> key =
        chain.flatMap(certificates -> keyText.flatMap(text -> key(text, certificates.get(0))));
    Optional<ClientCertificates> clients = ClientCertificatesReader.read(section, pems);
    List<String> protocols = TlsVersionReader.read(section);
    List<String> suites =
        section.optional("cipher_suites").map(CipherSuiteReader::read).orElse(List.of());
    boolean serverOrder =
        section.optional("prefer_server_cipher_suites").flatMap(BOOLEAN::read).orElse(true);
    section.optional("curve_preferences").ifPresent(TlsReader::refuseCurves);
    return key.flatMap(
        known ->
            clients.map(
                certificates ->
                    new TlsSettings(
                        known, chain.orElseThrow(), certificates, protocols, suites, serverOrder)));
  }

  /** Java 17 chooses the curves of all connections of a process alike. */
  private static void refuseCurves(Field field) {
    field.wrong(
        "the curves cannot be chosen here, only for all of Java: -Djdk.tls.namedGroups",
        "the key curve_preferences",
        "no such key",
        null);
  }

  /** The certificates of a text in PEM, at least one. */
  static Optional<List<X509Certificate>> certificates(Pem pem) {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.text().getBytes(StandardCharsets.ISO_8859_1)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!all.isEmpty()) {
        return Optional.of(all);
      }
    } catch (CertificateException notCertificates) {
      // The message of the exception is for programmers.
    }
    pem.field().wrong("no valid certificates", "a text that is not shown", CERTIFICATES, null);
    return Optional.empty();
  }

  private static Optional<PrivateKey> key(Pem pem, X509Certificate owner) {
    Optional<PrivateKey> key = PrivateKeyReader.read(pem.text(), owner);
    if (key.isEmpty()) {
      pem.field()
          .wrong(
              "no valid private key",
              "a text that is not shown",
              "an unencrypted private key in PEM",
              null);
    } else if (!PrivateKeyReader.belongsTo(key.get(), owner)) {
      pem.field()
          .wrong(
              "the key is not that of the certificate",
              "a text that is not shown",
              "the key of the first certificate",
              null);
      return Optional.empty();
    }
    return key;
  }
}
