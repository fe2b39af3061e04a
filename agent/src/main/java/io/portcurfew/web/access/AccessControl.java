package io.portcurfew.web.access;

import io.portcurfew.process.Ticker;
import io.portcurfew.web.access.Admission.Admitted;
import io.portcurfew.web.access.Admission.NotAdmitted;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Holds the protection of the web server, which a reload replaces, and decides which requests are
 * answered. Remembered passwords outlive a change of the settings.
 */
public final class AccessControl {

  /** A client that sends wrong passwords waits for each answer, so a flood is slow. */
  private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

  /**
   * The delay grows with the pause of the client's network, since most of a flood's cost are the
   * handshakes of TLS. It stays below the usual timeout of a scrape, which is to see the answer.
   */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(8);

  private static final Map<String, String> LOGIN =
      Map.of("WWW-Authenticate", "Basic realm=\"Portcurfew\", charset=\"UTF-8\"");

  private final Ticker ticker;
  private final PasswordVerifier passwords;
  private volatile Active active;

  private record Active(
      WebAccess access, @Nullable RequestLimiter limiter, @Nullable Encryption encryption) {}

  private record Encryption(SSLContext context, TlsSettings settings) {}

  public AccessControl(WebAccess access, Ticker ticker) {
    this.ticker = ticker;
    this.passwords = new PasswordVerifier(ticker);
    this.active = activate(access);
  }

  /**
   * Replaces the settings. A connection keeps the certificate with which it began; a change between
   * HTTP and HTTPS takes a new server.
   */
  public void use(WebAccess access) {
    active = activate(access);
  }

  private Active activate(WebAccess access) {
    RequestRate rate = access.rate();
    TlsSettings tls = access.tls();
    return new Active(
        access,
        rate == null ? null : new RequestLimiter(rate, ticker.elapsed()),
        tls == null ? null : new Encryption(tls.context(), tls));
  }

  /** True if a request needs a login, but for those of some paths. */
  public boolean needsLogin() {
    return !active.access().users().isEmpty();
  }

  /** True if a new connection costs a handshake of TLS or the check of a password. */
  public boolean isProtected() {
    return isEncrypted() || needsLogin();
  }

  /** True for HTTPS. */
  public boolean isEncrypted() {
    return active.encryption() != null;
  }

  /** The context of new connections; only for HTTPS. */
  public SSLContext context() {
    return encryption().context();
  }

  /** The TLS parameters of new connections; only for HTTPS. */
  public SSLParameters parameters() {
    Encryption now = encryption();
    return now.settings().parameters(now.context());
  }

  private Encryption encryption() {
    return Objects.requireNonNull(active.encryption(), "HTTP has no TLS settings");
  }

  /** The headers of every response. */
  public Map<String, String> headers() {
    return active.access().headers();
  }

  /**
   * Decides about a request.
   *
   * @param authorization the Authorization header; {@code null} if there is none
   * @param client the address of the client
   */
  public Admission decide(String path, @Nullable String authorization, InetAddress client) {
    Active now = active;
    if (now.limiter() != null && !now.limiter().allows(ticker.elapsed())) {
      return new NotAdmitted(429, "Too many requests.", Map.of(), Duration.ZERO);
    }
    WebAccess access = now.access();
    if (access.users().isEmpty() || access.withoutLogin().contains(path)) {
      return new Admitted(null);
    }
    Optional<BasicCredentials> given = BasicCredentials.of(authorization);
    if (given.isEmpty()) {
      return new NotAdmitted(
          401, "This page needs a user name and a password.", LOGIN, Duration.ZERO);
    }
    return switch (passwords.verify(given.get(), access.users(), client)) {
      case RIGHT -> new Admitted(given.get().user());
      case WRONG -> new NotAdmitted(401, "Wrong user name or password.", LOGIN, delay(client));
      case TOO_MANY ->
          new NotAdmitted(
              429,
              "Too many wrong passwords; try again in a minute.",
              Map.of("Retry-After", "60"),
              delay(client));
    };
  }

  private Duration delay(InetAddress client) {
    Duration pause = passwords.pause(client);
    if (pause.compareTo(SHORTEST_DELAY) < 0) {
      return SHORTEST_DELAY;
    }
    return pause.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : pause;
  }
}
