package io.portcurfew.web;

import java.io.IOException;

/** A server in a JVM of its own; it prints its port and ends with its standard input. */
final class LimitsServer {

  private LimitsServer() {}

  public static void main(String[] args) throws IOException {
    try (WebServer server =
        WebServer.start(TestPages.ANY_PORT, TestPages.open(), TestPages.pages(), () -> {})) {
      System.out.println(server.address().getPort());
      while (System.in.read() >= 0) {}
    }
  }
}
