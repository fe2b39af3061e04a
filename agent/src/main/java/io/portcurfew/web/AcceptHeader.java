package io.portcurfew.web;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formats that a client accepts (RFC 9110, section 12.5), as far as we offer a choice. */
final class AcceptHeader {

  private static final Pattern QUALITY = Pattern.compile(";\\s*q\\s*=\\s*(\\d(?:\\.\\d{0,3})?)");
  private static final Pattern VERSION = Pattern.compile(";\\s*version\\s*=\\s*\"?([^;\",\\s]*)");

  /** Our output is also valid OpenMetrics 0.0.1, the draft that Prometheus asks for second. */
  private static final Set<String> OPEN_METRICS_VERSIONS = Set.of("", "0.0.1", "1.0.0");

  private final Headers headers;

  AcceptHeader(Headers headers) {
    this.headers = headers;
  }

  /** True if the client names OpenMetrics and does not prefer the text format. */
  boolean openMetrics() {
    double wanted = quality("Accept", "application/openmetrics-text");
    return wanted > 0 && wanted >= quality("Accept", "text/plain");
  }

  boolean gzip() {
    return quality("Accept-Encoding", "gzip") > 0;
  }

  /** The weight of a value in a list, 0 to 1; 0 if it is not in it. */
  private double quality(String header, String value) {
    return headers.getOrDefault(header, List.of()).stream()
        .flatMap(list -> Pattern.compile(",").splitAsStream(list))
        .map(item -> item.trim().toLowerCase(Locale.ROOT))
        .filter(item -> item.equals(value) || item.matches(Pattern.quote(value) + "\\s*;.*"))
        .filter(item -> !value.contains("openmetrics") || isKnownVersion(item))
        .mapToDouble(AcceptHeader::quality)
        .max()
        .orElse(0);
  }

  private static boolean isKnownVersion(String item) {
    Matcher version = VERSION.matcher(item);
    return !version.find() || OPEN_METRICS_VERSIONS.contains(version.group(1));
  }

  private static double quality(String item) {
    Matcher quality = QUALITY.matcher(item);
    return quality.find() ? Double.parseDouble(quality.group(1)) : 1;
  }
}
