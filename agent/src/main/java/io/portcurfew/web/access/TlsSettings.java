package io.portcurfew.web.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of the web server.
 *
 * @param chain the certificate of the server, then those that lead to its authority
 * @param protocols {@code TLSv1.2}, {@code TLSv1.3} or both
 * @param suites cipher suites of TLS 1.2 in order; empty for those of Java
 * @param serverOrder true if the order of the server decides, not that of the client
 */
public record TlsSettings(
    PrivateKey key,
    List<X509Certificate> chain,
    ClientCertificates clients,
    List<String> protocols,
    List<String> suites,
    boolean serverOrder) {

  /** Sessions that clients of TLS 1.2 can resume; those of TLS 1.3 are kept by the clients. */
  private static final int SESSIONS = 256;

  public TlsSettings {
    chain = List.copyOf(chain);
    protocols = List.copyOf(protocols);
    suites = List.copyOf(suites);
  }

  /** The end of the first certificate of the chain that expires. */
  public Instant expires() {
    return chain.stream()
        .map(one -> one.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /**
   * A new context; its sessions are its own, so a client cannot resume a session of an earlier one.
   */
  public SSLContext context() {
    try {
      KeyManager[] managers = {new ServerKeyManager(key, chain)};
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          managers, new TrustManager[] {new ClientTrust(authorities(), allowedSans())}, null);
      context.getServerSessionContext().setSessionCacheSize(SESSIONS);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      // Every Java platform has these, and a store in memory accepts any certificate.
      throw new IllegalStateException(impossible);
    }
  }

  /** The parameters of each connection. */
  public SSLParameters parameters(SSLContext context) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(protocols.toArray(String[]::new));
    if (!suites.isEmpty()) {
      parameters.setCipherSuites(
          Stream.concat(modern(context), suites.stream()).toArray(String[]::new));
    }
    parameters.setUseCipherSuitesOrder(serverOrder);
    if (clients.mode().requires()) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(clients.mode().asks());
    }
    return parameters;
  }

  /** The suites of TLS 1.3, which the file cannot choose; their names have no key exchange. */
  private static Stream<String> modern(SSLContext context) {
    return Stream.of(context.getDefaultSSLParameters().getCipherSuites())
        .filter(suite -> !suite.contains("_WITH_"))
        .filter(suite -> suite.startsWith("TLS_A") || suite.startsWith("TLS_CHACHA20"));
  }

  private Set<String> allowedSans() {
    return clients.allowedSans().stream()
        .map(ClientTrust::address)
        .collect(Collectors.toUnmodifiableSet());
  }

  private @Nullable X509ExtendedTrustManager authorities()
      throws GeneralSecurityException, IOException {
    if (!clients.mode().verifies()) {
      return null;
    }
    KeyStore store = emptyStore();
    for (X509Certificate one : clients.authorities()) {
      store.setCertificateEntry("a" + store.size(), one);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return (X509ExtendedTrustManager) trust.getTrustManagers()[0];
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "HTTPS until " + expires() + ", " + clients.mode().label();
  }
}
