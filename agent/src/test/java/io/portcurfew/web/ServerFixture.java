package io.portcurfew.web;

import static io.portcurfew.web.TestPages.ANY_PORT;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests for each of which a server runs, with a client beside it. */
abstract class ServerFixture {

  final AtomicReference<Health> health = new AtomicReference<>(TestPages.WELL);
  WebServer server;
  Client client;

  @BeforeEach
  void start() throws IOException {
    Pages pages = TestPages.pages();
    server = WebServer.start(ANY_PORT, new Pages(pages.metrics(), health::get, pages.status()));
    client = new Client(server.address());
  }

  @AfterEach
  void close() {
    server.close();
  }
}
