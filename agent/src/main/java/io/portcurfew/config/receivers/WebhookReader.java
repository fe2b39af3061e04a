package io.portcurfew.config.receivers;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.receivers.WebhookSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the settings of a webhook receiver. */
final class WebhookReader {

  static final List<String> KEYS = List.of("url", "format", "secret_file", "insecure", "ca_file");

  private static final ChoiceReader<MessageForm> FORMAT =
      ChoiceReader.of("alertmanager", MessageForm.USUAL, "ocsf", MessageForm.OCSF);

  private WebhookReader() {}

  static Optional<WebhookSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> read(section, timeout));
  }

  private static Optional<WebhookSettings> read(Section section, Duration timeout) {
    MessageForm form = section.optional("format").flatMap(FORMAT::read).orElse(MessageForm.USUAL);
    boolean insecure = UrlReader.insecure(section);
    Optional<URI> url = section.required("url").flatMap(at -> UrlReader.read(at, insecure));
    Optional<Secret> secret = section.optional("secret_file").flatMap(SecretReader::read);
    UrlReader.refuseUselessInsecure(section, url.stream().toList(), insecure);
    TrustedAuthorities authorities = AuthoritiesReader.read(section, url.stream().toList());
    return url.map(
        uri -> new WebhookSettings(uri, secret.orElse(null), form, authorities, timeout));
  }
}
