package io.portcurfew.notify.http;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.observe.HostText;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Removes secrets from the answer of a server: some servers repeat the request in an error. */
public final class Redaction {

  /** The maximum of reported characters. */
  private static final int MOST = 200;

  /**
   * Shorter parts of a URL are words such as {@code alerts}; hiding them would hide half the
   * answer.
   */
  private static final int SHORTEST_TOKEN = 8;

  private final List<String> secrets;

  private Redaction(Collection<String> secrets) {
    this.secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
  }

  /** Hides these secrets. */
  public static Redaction of(Secret... secrets) {
    Set<String> all = new LinkedHashSet<>();
    for (Secret secret : secrets) {
      all.add(secret.text());
    }
    return new Redaction(all);
  }

  /** Hides every part of a URL that may be a token. */
  public static Redaction of(URI url) {
    Set<String> parts = new LinkedHashSet<>();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : url.getRawQuery();
    for (String part : (path + "/" + query).split("[/?&=;]", -1)) {
      if (part.length() >= SHORTEST_TOKEN) {
        parts.add(part);
      }
    }
    return new Redaction(parts);
  }

  /** Hides the secrets of both. */
  Redaction and(Redaction other) {
    Set<String> both = new LinkedHashSet<>(secrets);
    both.addAll(other.secrets);
    return new Redaction(both);
  }

  /** The reportable part of an answer: visible characters on one short line. */
  public String of(String answer) {
    String clean = answer;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return HostText.of(AlertText.oneLine(clean), MOST).toString();
  }
}
