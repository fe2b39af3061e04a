package io.portcurfew.page;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The style sheet and the script of the pages, which are part of each page, and their hashes. */
final class PageResources {

  final String css = read("status.css");
  final String script = read("status.js");

  /**
   * The Content Security Policy (level 3): a page may use its style sheet and its script, and fetch
   * itself again; nothing else.
   */
  String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(css)
        + "'; script-src 'sha256-"
        + sha256(script)
        + "'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  /** A template that escapes every value; an empty text counts as absent. */
  static Template template(String name) {
    return Mustache.compiler().escapeHTML(true).emptyStringIsFalse(true).compile(read(name));
  }

  private static String read(String name) {
    try (InputStream in = PageResources.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
