package io.portcurfew.web;

import java.util.Map;

/**
 * The limits of the JDK's HTTP server. The class {@code sun.net.httpserver.ServerConfig} reads
 * these system properties once in the life of the JVM, so they must be set before the first server
 * starts, and they apply to all servers. Values on the command line take precedence. The names come
 * from that class in JDK 17.0.15 and 25.
 */
final class JdkServerLimits {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          // Seconds that a connection may be silent, before its first request and after any. The
          // time limit of an exchange is ours, because the server's own needs one more thread for
          // the life of the process. On Linux the kernel holds a connection back until its first
          // byte; a flood of silent ones beyond its queue shuts the server for this long and a
          // tick.
          "sun.net.httpserver.idleInterval", "1",
          // Milliseconds between two checks for such connections: each wakes a thread.
          "sun.net.httpserver.clockTick", "1000",
          // Bytes; a browser sends the cookies of everything else on localhost too.
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "sun.net.httpserver.maxReqHeaders", "64",
          // Bytes of a request body that are read and dropped: no request needs one. With 0 the
          // server would not find the end of an empty body and would close every connection.
          "sun.net.httpserver.drainAmount", "1",
          // Connections. A silent one costs a file descriptor for some seconds and no thread.
          "jdk.httpserver.maxConnections", "2048",
          "sun.net.httpserver.maxIdleConnections", "32",
          "sun.net.httpserver.nodelay", "true");

  private JdkServerLimits() {}

  static void set() {
    PROPERTIES.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
