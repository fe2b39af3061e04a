package io.portcurfew.notify.http;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.observe.HostText;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes secrets out of what a server answered, before anybody sees it: some servers repeat in an
 * error what they were sent.
 */
public final class Redaction {

  /** How much of an answer is told. */
  private static final int MOST = 200;

  /** Shorter parts of a URL are words such as {@code alerts}, and would hide half the answer. */
  private static final int SHORTEST_TOKEN = 8;

  private final List<String> secrets;

  private Redaction(Collection<String> secrets) {
    this.secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
  }

  /** Hides these. */
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

  /** Hides what either hides. */
  Redaction and(Redaction other) {
    Set<String> both = new LinkedHashSet<>(secrets);
    both.addAll(other.secrets);
    return new Redaction(both);
  }

  /** What may be told of an answer: visible, on one line, and not long. */
  public String of(String answer) {
    String clean = answer;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return HostText.of(AlertText.oneLine(clean), MOST).toString();
  }
}
