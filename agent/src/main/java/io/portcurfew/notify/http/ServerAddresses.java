package io.portcurfew.notify.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Addresses of servers: name and port. */
public final class ServerAddresses {

  private ServerAddresses() {}

  /** The usual notation: {@code logs.example.org:514}, {@code [::1]:514}. */
  public static String shown(InetSocketAddress server) {
    return bracketed(server) + ":" + server.getPort();
  }

  /** A URI of scheme, host and port. */
  public static URI uri(String scheme, InetSocketAddress server) {
    return URI.create(scheme + "://" + shown(server));
  }

  private static String bracketed(InetSocketAddress server) {
    String host = server.getHostString();
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Resolves the name of a server. */
  public static InetSocketAddress resolved(InetSocketAddress server) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(server.getHostString()), server.getPort());
  }

  /** Closes a connection, if there is one. */
  public static void close(@Nullable Socket connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (IOException gone) {
      // A connection that cannot be closed is gone.
    }
  }

  /** A timeout in milliseconds for {@link Socket}, at least 1, since 0 would mean no limit. */
  public static int millis(Duration timeout) {
    return Math.toIntExact(Math.max(1, timeout.toMillis()));
  }
}
