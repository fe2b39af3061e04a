package io.portcurfew.config.receivers;

import io.portcurfew.config.files.SecretReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.VisibleText;
import io.portcurfew.notify.Secret;
import io.portcurfew.observe.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads the URL of a webhook. It may hold a token, so only its scheme and host are ever shown. */
public final class UrlReader {

  private static final String EXPECTED = "a URL like https://hooks.example.org/portcurfew";
  private static final String HIDDEN = "a text that is not shown because it may be secret";
  private static final int LONGEST = 2048;
  private static final ChoiceReader<Boolean> INSECURE = ChoiceReader.yesOrNo();

  private UrlReader() {}

  /** Reads a URL; {@code insecure} allows http to other hosts. */
  public static Optional<URI> read(Field field, boolean insecure) {
    return field
        .scalar(EXPECTED)
        .flatMap(scalar -> parse(field, scalar.text()))
        .filter(url -> isValid(field, url, insecure));
  }

  /** True if a section allows http. */
  public static boolean insecure(Section section) {
    return section.optional("insecure").flatMap(INSECURE::read).orElse(false);
  }

  /** Refuses {@code insecure} with https: it never turns off the check of certificates. */
  public static void refuseUselessInsecure(Section section, List<URI> urls, boolean insecure) {
    if (insecure && urls.stream().anyMatch(url -> url.getScheme().equals("https"))) {
      section
          .optional("insecure")
          .ifPresent(
              field ->
                  field.wrong(
                      "insecure only allows http, but the URL is https", "no insecure", null));
    }
  }

  /** Reads the URL in a secret file; no part of it is shown. */
  static Optional<URI> readFile(Field field) {
    Optional<Secret> secret = SecretReader.read(field);
    Optional<String> text =
        secret.map(bytes -> new String(bytes.bytes(), StandardCharsets.UTF_8).strip());
    return text.flatMap(url -> parseSecret(field, url));
  }

  private static Optional<URI> parseSecret(Field field, String text) {
    Optional<URI> url = parse(field, text);
    Optional<String> wrong = url.flatMap(known -> problem(known, false));
    wrong.ifPresent(what -> field.wrong("in the file: " + what, HIDDEN, EXPECTED, null));
    return wrong.isPresent() ? Optional.empty() : url;
  }

  private static boolean isValid(Field field, URI url, boolean insecure) {
    Optional<String> wrong = problem(url, insecure);
    wrong.ifPresent(what -> field.wrong(what, shown(url), EXPECTED, null));
    return wrong.isEmpty();
  }

  private static Optional<URI> parse(Field field, String text) {
    try {
      if (text.length() <= LONGEST) {
        return Optional.of(new URI(text));
      }
    } catch (URISyntaxException malformed) {
      // The message of the exception would show the whole URL.
    }
    field.wrong("not a URL", HIDDEN, EXPECTED, null);
    return Optional.empty();
  }

  private static Optional<String> problem(URI url, boolean insecure) {
    String scheme = url.getScheme();
    String authority = url.getRawAuthority();
    if (!"https".equals(scheme) && !"http".equals(scheme)) {
      return Optional.of("the URL does not begin with https:// or http://");
    }
    if (authority != null && authority.contains("@")) {
      return Optional.of("a URL must not contain a user or a password");
    }
    if (url.getHost() == null) {
      return Optional.of("the URL has no valid host");
    }
    if (url.getPort() == 0 || url.getPort() > 65535) {
      return Optional.of("port " + url.getPort() + " is out of range (1 to 65535)");
    }
    if (url.getRawFragment() != null) {
      return Optional.of("the URL has a fragment (#), which is never sent");
    }
    if (scheme.equals("http") && !insecure && !isThisHost(url.getHost())) {
      return Optional.of("http is not encrypted; only insecure: true allows it to another host");
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
