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
 * Who may vouch for a server.
 *
 * @param certificates instead of those that the host trusts; none for these
 */
public record TrustedAuthorities(List<X509Certificate> certificates) {

  /** Those that the host trusts. */
  public static final TrustedAuthorities OF_THE_HOST = new TrustedAuthorities(List.of());

  public TrustedAuthorities {
    certificates = List.copyOf(certificates);
  }

  /**
   * Those of a list in PEM, whatever stands between them.
   *
   * @throws CertificateException where there is none, or one that cannot be read
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

  boolean areThoseOfTheHost() {
    return certificates.isEmpty();
  }

  /** Makes sockets that believe them alone; the name of the server is not looked at by these. */
  public SSLSocketFactory sockets() {
    if (areThoseOfTheHost()) {
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
      // Every Java platform has these, and a store in memory takes any certificate.
      throw new IllegalStateException(impossible);
    }
  }

  /** Speaks TLS over a connection to this host, whose certificate has to name it. */
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
    return areThoseOfTheHost() ? "those of the host" : certificates.size() + " of its own";
  }
}
