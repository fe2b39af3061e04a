package io.portcurfew.config;

import io.portcurfew.web.access.TlsSettings;
import io.portcurfew.web.access.WebAccess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The risks of the web server: its exposure to other hosts, and the end of its certificate. */
public final class WebExposure {

  private static final Duration SOON = Duration.ofDays(14);
  private static final String FILE = "a web configuration file (web.config_file)";

  private WebExposure() {}

  /** All risks, one sentence each. */
  public static List<String> risks(InetSocketAddress listen, WebAccess access, Instant now) {
    return Stream.of(of(listen, access), certificate(access, now))
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /**
   * The risk of this address as a text; {@code null} on loopback, which only this host reaches, and
   * if TLS and a login protect it.
   */
  public static @Nullable String of(InetSocketAddress listen, WebAccess access) {
    boolean encrypted = access.tls() != null;
    if (listen.getAddress().isLoopbackAddress() || (encrypted && access.authenticates())) {
      return null;
    }
    String start = "web.listen " + text(listen) + " is not a loopback address, and ";
    if (encrypted) {
      return start
          + "the pages are served without a login: anybody who reaches it can read them. Add"
          + " basic_auth_users or client certificates to the web configuration file";
    }
    return access.authenticates()
        ? start
            + "the pages are served without TLS: anybody on the way can read the passwords. Add"
            + " tls_server_config to the web configuration file"
        : start
            + "the pages are served without TLS or a password: anybody who reaches it can read"
            + " them. Use "
            + FILE
            + ", or 127.0.0.1, or a firewall";
  }

  /** The risk of a certificate that ends soon; {@code null} if there is none. */
  public static @Nullable String certificate(WebAccess access, Instant now) {
    TlsSettings tls = access.tls();
    if (tls == null || tls.expires().isAfter(now.plus(SOON))) {
      return null;
    }
    return tls.expires().isAfter(now)
        ? "the certificate of the web server expires soon, at " + tls.expires()
        : "the certificate of the web server has expired, at " + tls.expires();
  }

  private static String text(InetSocketAddress listen) {
    String host = listen.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + listen.getPort();
  }
}
