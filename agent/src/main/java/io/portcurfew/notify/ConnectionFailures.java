package io.portcurfew.notify;

import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Messages for failed connections. */
public final class ConnectionFailures {

  /** The maximum of characters from outside in a message. */
  private static final int MOST = 200;

  private ConnectionFailures() {}

  /**
   * Explains a failure. Other messages of the JDK are left out: they may hold a URL or data of the
   * server.
   */
  public static String why(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "no such host";
    }
    if (failure instanceof PortUnreachableException) {
      return "connection refused: no process listens on this port";
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return "cannot connect: " + visible(failure.getMessage());
    }
    if (failure instanceof SocketTimeoutException) {
      return "timed out";
    }
    if (failure instanceof SSLException) {
      return "TLS failed: " + visible(failure.getMessage());
    }
    return failure instanceof SocketException ? "the connection broke" : "the connection failed";
  }

  private static String visible(@Nullable String message) {
    return HostText.of(String.valueOf(message), MOST).toString();
  }
}
