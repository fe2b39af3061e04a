package io.portcurfew.notify.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Servers that have a name and a port. */
public final class ServerAddresses {

  private ServerAddresses() {}

  /** As people write it: {@code logs.example.org:514}, {@code [::1]:514}. */
  public static String shown(InetSocketAddress server) {
    return bracketed(server) + ":" + server.getPort();
  }

  public static URI uri(String scheme, InetSocketAddress server) {
    return URI.create(scheme + "://" + shown(server));
  }

  private static String bracketed(InetSocketAddress server) {
    String host = server.getHostString();
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Looks its address up. */
  public static InetSocketAddress resolved(InetSocketAddress server) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(server.getHostString()), server.getPort());
  }

  /** Ends a connection, where there is one. */
  public static void close(@Nullable Socket connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (IOException gone) {
      // All that is wanted.
    }
  }

  /** The time in milliseconds, for {@link Socket}, where 0 would be for ever. */
  public static int millis(Duration timeout) {
    return Math.toIntExact(Math.max(1, timeout.toMillis()));
  }
}
