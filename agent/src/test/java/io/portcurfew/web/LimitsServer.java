package io.portcurfew.web;

import java.io.IOException;

/** A server in a JVM of its own; it prints its port and ends with its standard input. */
final class LimitsServer {

  /** How many bytes /metrics has: more than any socket buffer. */
  static final int LARGE = 30_000_000;

  private LimitsServer() {}

  public static void main(String[] args) throws IOException {
    Pages pages = TestPages.pages("portcurfew_x 1\n".repeat(LARGE / 15));
    try (WebServer server = WebServer.start(TestPages.ANY_PORT, pages)) {
      System.out.println(server.address().getPort());
      while (System.in.read() >= 0) {}
    }
  }
}
