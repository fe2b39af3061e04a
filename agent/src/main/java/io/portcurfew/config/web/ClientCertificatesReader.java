package io.portcurfew.config.web;

import io.portcurfew.config.web.PemSource.Pem;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.web.access.ClientCertificates;
import io.portcurfew.web.access.ClientCertificates.Mode;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the certificates that clients must or may present. */
final class ClientCertificatesReader {

  private static final ChoiceReader<Mode> MODE = ChoiceReader.of(Mode.values(), Mode::label);
  private static final int LONGEST_NAME = 2000;
  private static final int MOST_NAMES = 1000;

  private ClientCertificatesReader() {}

  static Optional<ClientCertificates> read(Section section, PemSource pems) {
    Optional<Field> type = section.optional("client_auth_type");
    Mode mode = type.flatMap(MODE::read).orElse(Mode.NO_CLIENT_CERT);
    Optional<Pem> pem = pems.optional("client_ca", false);
    Optional<List<X509Certificate>> authorities = pem.flatMap(TlsReader::certificates);
    if (pem.isPresent() && mode == Mode.NO_CLIENT_CERT) {
      pem.get()
          .field()
          .wrong(
              "no client is asked for a certificate",
              "no client_auth_type",
              "client_auth_type: RequireAndVerifyClientCert",
              null);
    }
    if (mode.verifies() && authorities.isEmpty()) {
      type.filter(field -> pem.isEmpty())
          .ifPresent(
              field ->
                  field.wrong("the authorities of the clients are missing", "a client_ca_file"));
      return Optional.empty();
    }
    return Optional.of(
        new ClientCertificates(mode, authorities.orElse(List.of()), names(section, mode)));
  }

  private static Set<String> names(Section section, Mode mode) {
    Optional<Field> field = section.optional("client_allowed_sans");
    Set<String> names =
        field
            .flatMap(list -> list.listOrEmpty("a list of subject alternative names"))
            .map(items -> Set.copyOf(DistinctItems.read(items, ClientCertificatesReader::name)))
            .orElse(Set.of());
    if (names.size() > MOST_NAMES) {
      field.ifPresent(
          list -> list.wrong("too many names", "" + names.size(), "at most " + MOST_NAMES, null));
    }
    if (!names.isEmpty() && !mode.requires()) {
      field.ifPresent(
          list ->
              list.wrong(
                  "a client without a certificate has no name",
                  "client_auth_type " + mode.label(),
                  "client_auth_type: RequireAndVerifyClientCert",
                  null));
    }
    return names;
  }

  private static Optional<String> name(Field field) {
    return TextReader.line(field, LONGEST_NAME, "a DNS name, an IP or e-mail address, or a URI");
  }
}
