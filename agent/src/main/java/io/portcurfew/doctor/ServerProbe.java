package io.portcurfew.doctor;

import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.observe.HostText;
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
 * Whether a server can be reached: its name resolved, a connection made, and for TLS the keys
 * agreed on and the certificate checked. No request is sent. Beside the scheme only the host and
 * the port of the URL are looked at: the rest may hold a token.
 */
record ServerProbe(String scheme, String host, int port) {

  /** As long as the agent itself waits for a connection; then as long for the handshake. */
  private static final int LIMIT_MILLIS = 5_000;

  /** A resolver may take longer than both. */
  private static final int ALL_MILLIS = 15_000;

  /** That of this URL, which has a host. */
  static ServerProbe of(URI url) {
    String scheme = String.valueOf(url.getScheme());
    String host = String.valueOf(url.getHost()).replaceAll("[\\[\\]]", "");
    int usual = scheme.equals("https") ? 443 : 80;
    return new ServerProbe(scheme, host, url.getPort() >= 0 ? url.getPort() : usual);
  }

  /** Whether its certificate is looked at. */
  boolean tls() {
    return scheme.endsWith("s");
  }

  /**
   * An attempt that has begun, on a thread of its own.
   *
   * @param authorities who vouches for the server
   */
  FutureTask<@Nullable String> begin(TrustedAuthorities authorities) {
    FutureTask<@Nullable String> attempt = new FutureTask<>(() -> attempt(authorities));
    Thread thread = new Thread(attempt, "reach " + host);
    thread.setDaemon(true);
    thread.start();
    return attempt;
  }

  /** Why it cannot be reached; {@code null} where it can. */
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
      return "it answers, but not with TLS that can be trusted: " + words(e);
    } catch (IOException e) {
      return words(e);
    }
  }

  private static String words(IOException e) {
    return HostText.of(String.valueOf(e.getMessage()), 200).toString();
  }

  /** As in {@code https hooks.example.org:443}. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + " " + HostText.of(shown, 300) + ":" + port;
  }
}
