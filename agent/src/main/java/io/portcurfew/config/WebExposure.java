package io.portcurfew.config;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The exposure of the web server to other hosts: its pages are served without TLS. */
public final class WebExposure {

  private WebExposure() {}

  /** The risk of this address as a text; {@code null} on loopback, which only this host reaches. */
  public static @Nullable String of(InetSocketAddress listen) {
    return listen.getAddress().isLoopbackAddress()
        ? null
        : "web.listen "
            + text(listen)
            + " is not a loopback address, and the pages are served without TLS or a password:"
            + " anybody who reaches it can read them. Use 127.0.0.1 and a proxy with TLS, or a"
            + " firewall";
  }

  private static String text(InetSocketAddress listen) {
    String host = listen.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + listen.getPort();
  }
}
