package io.portcurfew.config.yaml;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.notify.Secret;
import io.portcurfew.observe.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads the URL of a webhook, which may hold a token: of it only scheme and host are ever shown.
 */
public final class UrlReader {

  private static final String EXPECTED = "a URL like https://hooks.example.org/portcurfew";
  private static final String HIDDEN = "a text that is not shown: it may be secret";
  private static final int LONGEST = 2048;
  private static final ChoiceReader<Boolean> INSECURE = ChoiceReader.yesOrNo();

  private UrlReader() {}

  /** The URL; {@code insecure} allows http to other hosts than this one. */
  public static Optional<URI> read(Field field, boolean insecure) {
    return field
        .scalar(EXPECTED)
        .flatMap(scalar -> parse(field, scalar.text()))
        .filter(url -> isFit(field, url, insecure));
  }

  /** Whether a section allows http. */
  public static boolean insecure(Section section) {
    return section.optional("insecure").flatMap(INSECURE::read).orElse(false);
  }

  /** Somebody may believe that it turns the check of certificates off; nothing does. */
  public static void refuseIdle(Section section, List<URI> urls, boolean insecure) {
    if (insecure && urls.stream().anyMatch(url -> url.getScheme().equals("https"))) {
      section
          .optional("insecure")
          .ifPresent(
              field ->
                  field.wrong(
                      "insecure only allows http, and the URL is https", "no insecure", null));
    }
  }

  /** The URL that stands alone in a file; nothing of it is shown. */
  public static Optional<URI> readFile(Field field) {
    Optional<Secret> secret = SecretReader.read(field);
    Optional<String> text =
        secret.map(held -> new String(held.bytes(), StandardCharsets.UTF_8).strip());
    return text.flatMap(url -> parseHeld(field, url));
  }

  private static Optional<URI> parseHeld(Field field, String text) {
    Optional<URI> url = parse(field, text);
    Optional<String> wrong = url.flatMap(known -> whyWrong(known, false));
    wrong.ifPresent(what -> field.wrong("in the file: " + what, HIDDEN, EXPECTED, null));
    return wrong.isPresent() ? Optional.empty() : url;
  }

  private static boolean isFit(Field field, URI url, boolean insecure) {
    Optional<String> wrong = whyWrong(url, insecure);
    wrong.ifPresent(what -> field.wrong(what, shown(url), EXPECTED, null));
    return wrong.isEmpty();
  }

  private static Optional<URI> parse(Field field, String text) {
    try {
      if (text.length() <= LONGEST) {
        return Optional.of(new URI(text));
      }
    } catch (URISyntaxException notAUrl) {
      // Its message would show the whole URL.
    }
    field.wrong("this is not a URL", HIDDEN, EXPECTED, null);
    return Optional.empty();
  }

  private static Optional<String> whyWrong(URI url, boolean insecure) {
    String scheme = url.getScheme();
    String authority = url.getRawAuthority();
    if (!"https".equals(scheme) && !"http".equals(scheme)) {
      return Optional.of("the URL begins with neither https:// nor http://");
    }
    if (authority != null && authority.contains("@")) {
      return Optional.of("a URL may not hold a user or a password");
    }
    if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65535) {
      return Optional.of("the URL names no host and port that can be called");
    }
    if (url.getRawFragment() != null) {
      return Optional.of("the URL has a fragment (#), which is never sent");
    }
    if (scheme.equals("http") && !insecure && !isThisHost(url.getHost())) {
      return Optional.of("http would tell everybody on the way; insecure: true allows it");
    }
    return Optional.empty();
  }

  private static boolean isThisHost(String host) {
    return host.equals("localhost") || Address.parse(host).filter(Address::isLoopback).isPresent();
  }

  private static String shown(URI url) {
    return url.getScheme() == null || url.getHost() == null
        ? HIDDEN
        : VisibleText.text(url.getScheme() + "://" + url.getHost());
  }
}
