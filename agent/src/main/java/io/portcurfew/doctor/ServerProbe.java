package io.portcurfew.doctor;

import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.observe.HostText;
import io.portcurfew.process.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tests whether a server can be reached: resolves its name, connects and, for TLS, checks the
 * certificate. It sends no request. It uses only scheme, host and port of the URL, because the rest
 * may hold a token.
 */
record ServerProbe(String scheme, String host, int port) {

  /** The limit for the connection, as in the agent, and again for the TLS handshake. */
  private static final int LIMIT_MILLIS = 5_000;

  /** The limit for everything, because resolving the name may take longer. */
  private static final int ALL_MILLIS = 15_000;

  /** A probe of the server of a URL. */
  static ServerProbe of(URI url) {
    String scheme = String.valueOf(url.getScheme());
    String host = String.valueOf(url.getHost()).replaceAll("[\\[\\]]", "");
    int usual = scheme.equals("https") ? 443 : 80;
    return new ServerProbe(scheme, host, url.getPort() >= 0 ? url.getPort() : usual);
  }

  /** True if the probe checks a certificate. */
  boolean tls() {
    return scheme.endsWith("s");
  }

  /**
   * Starts the probe on a new thread.
   *
   * @param authorities the certificate authorities to trust
   */
  FutureTask<@Nullable String> start(TrustedAuthorities authorities) {
    FutureTask<@Nullable String> attempt = new FutureTask<>(() -> attempt(authorities));
    DaemonThreads.of("probe " + host, attempt).start();
    return attempt;
  }

  /** Waits for the result: the reason why the server is unreachable, or {@code null}. */
  static @Nullable String await(FutureTask<@Nullable String> attempt) throws InterruptedException {
    try {
      return attempt.get(ALL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException hangs) {
      return "no answer within " + ALL_MILLIS / 1000 + " s";
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  private @Nullable String attempt(TrustedAuthorities authorities) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), LIMIT_MILLIS);
      if (tls()) {
        socket.setSoTimeout(LIMIT_MILLIS);
        authorities.secure(socket, host, port).close();
      }
      return null;
    } catch (UnknownHostException e) {
      return "its name does not resolve";
    } catch (SocketTimeoutException e) {
      return "no answer within " + LIMIT_MILLIS / 1000 + " s";
    } catch (SSLException e) {
      return "its TLS certificate is not trusted or it does not speak TLS: " + reason(e);
    } catch (IOException e) {
      return reason(e);
    }
  }

  private static String reason(IOException e) {
    return HostText.of(String.valueOf(e.getMessage()), 200).toString();
  }

  /** As in {@code https hooks.example.org:443}. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + " " + HostText.of(shown, 300) + ":" + port;
  }
}
