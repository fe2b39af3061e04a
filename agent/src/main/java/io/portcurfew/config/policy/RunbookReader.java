package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.TextReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the address of a page that says what to do. It goes to everybody who gets the alert. */
final class RunbookReader {

  private static final String EXPECTED = "a URL like https://wiki.example.org/runbooks/postgres";
  private static final int LONGEST = 2048;
  private static final Set<String> SCHEMES = Set.of("https", "http");

  private RunbookReader() {}

  public static Optional<URI> read(Field field) {
    return TextReader.line(field, LONGEST, EXPECTED).flatMap(text -> read(field, text));
  }

  private static Optional<URI> read(Field field, String text) {
    URI url = parse(text);
    if (url == null || url.getHost() == null || !SCHEMES.contains(url.getScheme())) {
      field.wrong("this is not the URL of a page", EXPECTED);
    } else if (url.getRawUserInfo() != null) {
      field.wrong("a URL may not hold a user or a password", EXPECTED);
    } else {
      return Optional.of(url);
    }
    return Optional.empty();
  }

  private static @Nullable URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException notAUrl) {
      return null;
    }
  }
}
