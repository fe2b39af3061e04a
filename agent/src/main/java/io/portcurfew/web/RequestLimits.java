package io.portcurfew.web;

import java.util.Map;

/**
 * The limits of the JDK's HTTP server. They are system properties that the class {@code
 * sun.net.httpserver.ServerConfig} reads once in the life of the JVM, so they must be set before
 * the first server is made, and hold for all of them. What is set on the command line stands. The
 * names were read from that class in JDK 17.0.15 and 25.
 */
final class RequestLimits {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          // Seconds that a connection may be mute, before its first request and after any. The
          // limits of a request and an answer are ours, since the server's own take one more
          // thread for as long as the process lives.
          "sun.net.httpserver.idleInterval", "6",
          // Milliseconds between two looks for such connections: each wakes a thread.
          "sun.net.httpserver.clockTick", "2500",
          // Bytes; a browser sends the cookies of everything else on localhost too.
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "sun.net.httpserver.maxReqHeaders", "64",
          // Bytes of a request body that are read and thrown away: no request needs one. At 0 the
          // server would not find the end of an empty body and close every connection.
          "sun.net.httpserver.drainAmount", "1",
          // Connections. A mute one costs a file descriptor for some seconds and no thread.
          "jdk.httpserver.maxConnections", "256",
          "sun.net.httpserver.maxIdleConnections", "32",
          "sun.net.httpserver.nodelay", "true");

  private RequestLimits() {}

  static void set() {
    PROPERTIES.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
