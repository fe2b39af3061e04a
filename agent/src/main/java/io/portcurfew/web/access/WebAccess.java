package io.portcurfew.web.access;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The protection of the web server, as exporter-toolkit's web configuration file states it.
 *
 * @param tls {@code null} for plain HTTP
 * @param users bcrypt hashes by user name; empty if no login is required
 * @param withoutLogin the paths that need no login
 * @param headers headers of every response, which replace those of the agent
 * @param rate {@code null} for any number of requests
 */
public record WebAccess(
    @Nullable TlsSettings tls,
    Map<String, String> users,
    Set<String> withoutLogin,
    Map<String, String> headers,
    @Nullable RequestRate rate) {

  /** Plain HTTP for everybody: no web configuration file. */
  public static final WebAccess OPEN = new WebAccess(null, Map.of(), Set.of(), Map.of(), null);

  public WebAccess {
    users = Map.copyOf(users);
    withoutLogin = Set.copyOf(withoutLogin);
    headers = Map.copyOf(headers);
  }

  /** True if only clients with a password or a verified certificate are served. */
  public boolean authenticates() {
    return !users.isEmpty() || (tls != null && tls.clients().mode().isRequiredAndVerified());
  }

  /** The same with other TLS settings. */
  public WebAccess withTls(@Nullable TlsSettings other) {
    return new WebAccess(other, users, withoutLogin, headers, rate);
  }

  /** Without the hashes. */
  @Override
  public String toString() {
    return "%s, %d users, %s".formatted(tls == null ? "HTTP" : tls, users.size(), rate);
  }
}
