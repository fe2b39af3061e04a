package io.portcurfew.config.web;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code http_server_config}: the headers of every response. */
final class HttpServerReader {

  static final List<String> KEYS = List.of("http2", "headers");

  static final List<String> HEADERS =
      List.of(
          "Content-Security-Policy",
          "X-Frame-Options",
          "X-Content-Type-Options",
          "X-XSS-Protection",
          "Strict-Transport-Security");

  /** Headers with a fixed set of values. */
  private static final Map<String, List<String>> VALUES =
      Map.of(
          "X-Frame-Options", List.of("deny", "sameorigin"),
          "X-Content-Type-Options", List.of("nosniff"));

  private static final int LONGEST = 2000;
  private static final ChoiceReader<Boolean> BOOLEAN = ChoiceReader.yesOrNo();

  private HttpServerReader() {}

  static Map<String, String> headers(Field field) {
    Map<String, String> headers = new LinkedHashMap<>();
    Section.of(field, KEYS)
        .ifPresent(
            section -> {
              section.optional("http2").ifPresent(HttpServerReader::checkHttp2);
              section
                  .optional("headers")
                  .flatMap(inner -> Section.of(inner, HEADERS))
                  .ifPresent(inner -> read(inner, headers));
            });
    return headers;
  }

  private static void checkHttp2(Field field) {
    if (BOOLEAN.read(field).orElse(false)) {
      field.wrong("HTTP/2 is not served, only HTTP/1.1", "false, or no key http2");
    }
  }

  private static void read(Section section, Map<String, String> into) {
    for (String name : HEADERS) {
      section
          .optional(name)
          .filter(field -> !isBlank(field))
          .flatMap(field -> TextReader.line(field, LONGEST, "the value of the header"))
          .ifPresent(value -> into.put(name, value));
    }
    VALUES.forEach(
        (name, allowed) -> {
          String value = into.get(name);
          if (value != null && !allowed.contains(value)) {
            section
                .optional(name)
                .ifPresent(field -> field.wrong("invalid value", String.join(" or ", allowed)));
          }
        });
  }

  /** A blank header is not sent. */
  private static boolean isBlank(Field field) {
    return field.node() instanceof Node.Scalar scalar && scalar.text().isBlank();
  }
}
