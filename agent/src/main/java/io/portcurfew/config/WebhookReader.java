package io.portcurfew.config;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.WebhookSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads where and how a webhook is called. */
final class WebhookReader {

  static final List<String> KEYS = List.of("url", "secret_file", "timeout", "insecure");

  /** A host that has not answered after this time is down; not in the file on purpose. */
  static final Duration CONNECT = Duration.ofSeconds(5);

  private static final Duration TOTAL = Duration.ofSeconds(15);
  private static final DurationReader TIMEOUT =
      new DurationReader(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private static final Choice<Boolean> INSECURE = Choice.yesOrNo();

  private WebhookReader() {}

  static Optional<WebhookSettings> read(Field field) {
    return Section.of(field, KEYS).flatMap(WebhookReader::read);
  }

  private static Optional<WebhookSettings> read(Section section) {
    boolean insecure = section.optional("insecure").flatMap(INSECURE::read).orElse(false);
    Optional<URI> url = section.required("url").flatMap(at -> UrlReader.read(at, insecure));
    Optional<Secret> secret = section.optional("secret_file").flatMap(SecretReader::read);
    Duration total = section.optional("timeout").flatMap(TIMEOUT::read).orElse(TOTAL);
    refuseIdle(section, url, insecure);
    Duration connect = total.compareTo(CONNECT) < 0 ? total : CONNECT;
    return url.map(uri -> new WebhookSettings(uri, secret.orElse(null), connect, total));
  }

  /** Somebody may believe that it turns the check of certificates off; nothing does. */
  private static void refuseIdle(Section section, Optional<URI> url, boolean insecure) {
    if (insecure && url.isPresent() && url.get().getScheme().equals("https")) {
      section
          .optional("insecure")
          .ifPresent(
              field ->
                  field.wrong(
                      "insecure only allows http, and the URL is https", "no insecure", null));
    }
  }
}
