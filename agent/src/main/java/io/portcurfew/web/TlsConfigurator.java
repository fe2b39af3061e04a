package io.portcurfew.web;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.portcurfew.web.access.AccessControl;

/** Gives each connection of the HTTPS server the TLS parameters of the moment. */
final class TlsConfigurator extends HttpsConfigurator {

  private final AccessControl access;

  TlsConfigurator(AccessControl access) {
    super(new ReplaceableContext(access));
    this.access = access;
  }

  /** Runs before the handshake. */
  @Override
  public void configure(HttpsParameters connection) {
    connection.setSSLParameters(access.parameters());
  }
}
