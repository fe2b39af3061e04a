package io.portcurfew.web;

import static io.portcurfew.web.TestPages.ANY_PORT;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests for each of which a server runs, with a client beside it. */
abstract class ServerFixture {

  final AtomicReference<Health> health = new AtomicReference<>(TestPages.WELL);
  final AtomicInteger givenUp = new AtomicInteger();
  WebServer server;
  Client client;

  @BeforeEach
  void start() throws IOException {
    PageSource pages = TestPages.pages("portcurfew_x 1\n".repeat(400), health::get);
    server = WebServer.start(ANY_PORT, TestPages.open(), pages, givenUp::incrementAndGet);
    client = new Client(server.address());
  }

  @AfterEach
  void close() {
    server.close();
  }
}
