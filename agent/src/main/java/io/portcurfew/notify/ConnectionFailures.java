package io.portcurfew.notify;

import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Failures of a connection in words of our own. */
public final class ConnectionFailures {

  /** How much of a text from outside is told. */
  private static final int MOST = 200;

  private ConnectionFailures() {}

  /** Other messages of the JDK are not told: they may hold a URL, or what the server sent. */
  public static String why(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "no such host";
    }
    if (failure instanceof PortUnreachableException) {
      return "nobody listens there";
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
    return "the connection failed: " + failure.getClass().getSimpleName();
  }

  private static String visible(@Nullable String message) {
    return HostText.of(String.valueOf(message), MOST).toString();
  }
}
