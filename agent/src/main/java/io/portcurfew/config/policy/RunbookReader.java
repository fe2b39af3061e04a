package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.TextReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the URL of a runbook. Notifications contain it, so it must hold no password. */
final class RunbookReader {

  private static final String EXPECTED = "a URL like https://wiki.example.org/runbooks/postgres";
  private static final int LONGEST = 2048;
  private static final Set<String> SCHEMES = Set.of("https", "http");

  private RunbookReader() {}

  /** Reads the URL; adds a problem and returns nothing if it is not valid. */
  public static Optional<URI> read(Field field) {
    return TextReader.line(field, LONGEST, EXPECTED).flatMap(text -> read(field, text));
  }

  private static Optional<URI> read(Field field, String text) {
    URI url = parse(text);
    if (url == null || url.getHost() == null || !SCHEMES.contains(url.getScheme())) {
      field.wrong("not the URL of a web page", EXPECTED);
    } else if (url.getRawUserInfo() != null) {
      field.wrong("a URL must not contain a user or a password", EXPECTED);
    } else {
      return Optional.of(url);
    }
    return Optional.empty();
  }

  private static @Nullable URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException malformed) {
      return null;
    }
  }
}
