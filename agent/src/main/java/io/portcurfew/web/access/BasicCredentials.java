package io.portcurfew.web.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user name and a password (RFC 7617). */
record BasicCredentials(String user, String password) {

  private static final String SCHEME = "Basic ";

  /** Reads an Authorization header; empty if it is absent, of another scheme or malformed. */
  static Optional<BasicCredentials> of(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
      String text = new String(decoded, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user + ":***";
  }
}
