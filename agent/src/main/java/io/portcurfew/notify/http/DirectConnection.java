package io.portcurfew.notify.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** Opens connections to web servers without a proxy. */
public final class DirectConnection {

  private DirectConnection() {}

  /**
   * Prepares a connection, which connects later.
   *
   * @param authorities certify the server of an https URL
   */
  public static HttpURLConnection to(URL url, TrustedAuthorities authorities) throws IOException {
    if (!url.getProtocol().equals("https")) {
      return (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    }
    SSLSocketFactory sockets = authorities.sockets();
    // A new connection has the default sockets at first. Without these, the JDK would read and keep
    // the 140 authorities of the Java runtime, which this connection never uses.
    HttpsURLConnection.setDefaultSSLSocketFactory(sockets);
    HttpsURLConnection open = (HttpsURLConnection) url.openConnection(Proxy.NO_PROXY);
    open.setSSLSocketFactory(sockets);
    return open;
  }
}
