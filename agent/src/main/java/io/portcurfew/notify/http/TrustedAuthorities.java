package io.portcurfew.notify.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate authorities that may certify a server.
 *
 * @param certificates the authorities; empty for those that the host trusts
 */
public record TrustedAuthorities(List<X509Certificate> certificates) {

  /** The authorities that the host trusts. */
  public static final TrustedAuthorities OF_THE_HOST = new TrustedAuthorities(List.of());

  public TrustedAuthorities {
    certificates = List.copyOf(certificates);
  }

  /**
   * Reads a list in PEM; text between the certificates is ignored.
   *
   * @throws CertificateException if there is none, or one is unreadable
   */
  public static TrustedAuthorities of(InputStream pem) throws CertificateException {
    List<X509Certificate> all = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    factory.generateCertificates(pem).forEach(one -> all.add((X509Certificate) one));
    if (all.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return new TrustedAuthorities(all);
  }

  boolean areHostDefault() {
    return certificates.isEmpty();
  }

  /** Makes sockets that trust only these authorities; they do not check the name of the server. */
  public SSLSocketFactory sockets() {
    if (areHostDefault()) {
      return HostTrust.sockets();
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate one : certificates) {
        store.setCertificateEntry("a" + store.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException impossible) {
      // Every Java platform has these, and a store in memory accepts any certificate.
      throw new IllegalStateException(impossible);
    }
  }

  /** Starts TLS on a connection and checks that the certificate names the host. */
  public SSLSocket secure(Socket plain, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) sockets().createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  @Override
  public String toString() {
    return areHostDefault()
        ? "authorities of the host"
        : certificates.size() + " configured authorities";
  }
}
