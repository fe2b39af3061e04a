package io.portcurfew.config.receivers;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.PagerdutySettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the settings of a PagerDuty receiver. */
final class PagerdutyReader {

  static final List<String> KEYS = List.of("routing_key_file", "url", "ca_file", "template");
  static final List<String> TEMPLATE_KEYS = List.of("summary");

  private static final URI EVENTS = URI.create("https://events.pagerduty.com/v2/enqueue");

  private PagerdutyReader() {}

  static Optional<PagerdutySettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> read(section, timeout));
  }

  private static Optional<PagerdutySettings> read(Section section, Duration timeout) {
    Optional<Secret> key = section.required("routing_key_file").flatMap(SecretReader::read);
    URI url = section.optional("url").flatMap(field -> UrlReader.read(field, false)).orElse(EVENTS);
    TrustedAuthorities authorities = AuthoritiesReader.read(section, List.of(url));
    Optional<TextTemplate> summary = TemplateReader.only(section, TEMPLATE_KEYS);
    return key.map(
        secret -> new PagerdutySettings(url, secret, authorities, summary.orElse(null), timeout));
  }
}
