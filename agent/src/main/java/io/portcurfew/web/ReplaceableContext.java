package io.portcurfew.web;

import io.portcurfew.web.access.AccessControl;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An SSL context whose certificates can be replaced. The JDK's HTTPS server keeps the context with
 * which it starts, so this one hands each new connection to the context of the moment.
 */
final class ReplaceableContext extends SSLContext {

  ReplaceableContext(AccessControl access) {
    super(new Current(access), access.context().getProvider(), access.context().getProtocol());
  }

  private static final class Current extends SSLContextSpi {

    private final AccessControl access;

    Current(AccessControl access) {
      this.access = access;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return access.context().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return access.context().createSSLEngine(host, port);
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return access.context().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return access.context().getSupportedSSLParameters();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return access.context().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return access.context().getClientSessionContext();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return access.context().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return access.context().getServerSocketFactory();
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("this context is initialized by its settings");
    }
  }
}
