package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.SlackSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the settings of a Slack receiver. The URL of its incoming webhook is a secret. */
final class SlackReader {

  static final List<String> KEYS = List.of("url_file", "ca_file", "template");
  static final List<String> TEMPLATE_KEYS = List.of("text");

  private static final Map<String, String> ADVICE = advice();

  private SlackReader() {}

  private static Map<String, String> advice() {
    Map<String, String> advice = new TreeMap<>(ReceiverKeyHints.ADVICE);
    advice.put("url", "the URL is a secret: write it into a file and name that file in url_file");
    return advice;
  }

  static Optional<SlackSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ADVICE).flatMap(section -> read(section, timeout));
  }

  private static Optional<SlackSettings> read(Section section, Duration timeout) {
    Optional<URI> url = section.required("url_file").flatMap(UrlReader::readFile);
    TrustedAuthorities authorities = AuthoritiesReader.read(section, url.stream().toList());
    Optional<TextTemplate> text = TemplateReader.only(section, TEMPLATE_KEYS);
    return url.map(uri -> new SlackSettings(uri, authorities, text.orElse(null), timeout));
  }
}
