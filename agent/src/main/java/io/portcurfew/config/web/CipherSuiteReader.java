package io.portcurfew.config.web;

import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Suggestion;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Reads the cipher suites of TLS 1.2, whose names are the same in Go and Java but for two. */
final class CipherSuiteReader {

  private static final String EXPECTED =
      "a cipher suite of TLS 1.2 like TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

  private CipherSuiteReader() {}

  static List<String> read(Field field) {
    List<String> supported = supported();
    return field
        .listOrEmpty("a list of cipher suites")
        .map(items -> DistinctItems.read(items, item -> read(item, supported)))
        .orElse(List.of());
  }

  private static Optional<String> read(Field field, List<String> supported) {
    return field
        .scalar(EXPECTED)
        .map(scalar -> scalar.text())
        .flatMap(
            name -> {
              String suite = name.endsWith("_CHACHA20_POLY1305") ? name + "_SHA256" : name;
              if (supported.contains(suite)) {
                return Optional.of(suite);
              }
              field.wrong(
                  "this cipher suite cannot be served",
                  EXPECTED,
                  Suggestion.of(name, supported).orElse(null));
              return Optional.empty();
            });
  }

  private static List<String> supported() {
    try {
      return List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }
}
