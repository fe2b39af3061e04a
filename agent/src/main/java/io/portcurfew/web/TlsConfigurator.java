package io.portcurfew.web;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.portcurfew.web.access.AccessControl;

/** Gives each connection of the HTTPS server the TLS parameters of the moment. */
final class TlsConfigurator extends HttpsConfigurator {

  private final AccessControl access;
  private final ExchangeWorkers workers;

  TlsConfigurator(AccessControl access, ExchangeWorkers workers) {
    super(new ReplaceableContext(access));
    this.access = access;
    this.workers = workers;
  }

  /** Runs before the handshake; the server closes the connection after any exception. */
  @Override
  public void configure(HttpsParameters connection) {
    if (!access.mayConnect(connection.getClientAddress().getAddress())) {
      workers.slowDown();
      throw new IllegalStateException("too many wrong passwords from this network");
    }
    connection.setSSLParameters(access.parameters());
  }
}
