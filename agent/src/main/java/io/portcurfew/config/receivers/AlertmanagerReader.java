package io.portcurfew.config.receivers;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.AlertmanagerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the settings of an Alertmanager receiver: the URLs of a cluster. */
final class AlertmanagerReader {

  static final List<String> KEYS =
      List.of("urls", "token_file", "resend_every", "insecure", "ca_file");

  private static final int MOST_PEERS = 8;
  private static final String PEERS = "a list of URLs like http://127.0.0.1:9093";
  private static final Duration RESEND = Duration.ofMinutes(1);
  private static final DurationReader RESEND_EVERY =
      new DurationReader(Duration.ofSeconds(1), Duration.ofHours(1));

  private AlertmanagerReader() {}

  static Optional<AlertmanagerSettings> read(Field field, Duration timeout) {
    return Section.of(field, KEYS, ReceiverKeyHints.ADVICE)
        .flatMap(section -> read(section, timeout));
  }

  private static Optional<AlertmanagerSettings> read(Section section, Duration timeout) {
    boolean insecure = UrlReader.insecure(section);
    List<URI> urls = section.required("urls").map(field -> urls(field, insecure)).orElse(List.of());
    Optional<Secret> token = section.optional("token_file").flatMap(SecretReader::read);
    Duration resend = section.optional("resend_every").flatMap(RESEND_EVERY::read).orElse(RESEND);
    UrlReader.refuseUselessInsecure(section, urls, insecure);
    TrustedAuthorities authorities = AuthoritiesReader.read(section, urls);
    return urls.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AlertmanagerSettings(urls, token.orElse(null), authorities, resend, timeout));
  }

  private static List<URI> urls(Field field, boolean insecure) {
    List<Field> items = field.list(PEERS).orElse(List.of());
    if (items.size() > MOST_PEERS) {
      field.wrong("too many peers", "" + items.size(), "at most " + MOST_PEERS, null);
      return List.of();
    }
    return DistinctItems.read(items, item -> UrlReader.read(item, insecure).filter(isBase(item)));
  }

  /** The notifier appends the path of the API, so the URL must not have a query. */
  private static Predicate<URI> isBase(Field item) {
    return url -> {
      boolean base = url.getRawQuery() == null;
      if (!base) {
        item.wrong("the URL has a query (?)", "a URL that is not shown", PEERS, null);
      }
      return base;
    };
  }
}
