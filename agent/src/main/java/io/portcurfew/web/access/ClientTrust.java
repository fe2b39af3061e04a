package io.portcurfew.web.access;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the certificate of a client is accepted: by its authority, if the mode verifies
 * it, and by its subject alternative names (RFC 5280, section 4.2.1.6). A list of names without
 * authorities proves nothing about the client, as in exporter-toolkit.
 */
final class ClientTrust extends X509ExtendedTrustManager {

  /** E-mail address, DNS name, URI and IP address, by their number in GeneralName. */
  private static final Set<Integer> SAN_TYPES = Set.of(1, 2, 6, 7);

  private static final int IP_ADDRESS = 7;

  private final @Nullable X509ExtendedTrustManager authorities;
  private final Set<String> allowedSans;

  /**
   * @param authorities {@code null} if any certificate is accepted
   * @param allowedSans empty for any name
   */
  ClientTrust(@Nullable X509ExtendedTrustManager authorities, Set<String> allowedSans) {
    this.authorities = authorities;
    this.allowedSans = allowedSans;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (authorities != null) {
      authorities.checkClientTrusted(chain, type, engine);
    }
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (authorities != null) {
      authorities.checkClientTrusted(chain, type, socket);
    }
    checkNames(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (authorities != null) {
      authorities.checkClientTrusted(chain, type);
    }
    checkNames(chain);
  }

  private void checkNames(X509Certificate[] chain) throws CertificateException {
    if (!allowedSans.isEmpty() && names(chain[0]).noneMatch(allowedSans::contains)) {
      throw new CertificateException("no allowed subject alternative name");
    }
  }

  private static Stream<String> names(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? Stream.empty()
        : names.stream().filter(name -> SAN_TYPES.contains(name.get(0))).map(ClientTrust::text);
  }

  /** Addresses in one form, as the list has them. */
  private static String text(List<?> name) {
    String text = String.valueOf(name.get(1));
    return name.get(0).equals(IP_ADDRESS) ? address(text) : text;
  }

  /** An IP address in Java's form; {@code text} itself if it is none. */
  static String address(String text) {
    if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return text;
    }
    try {
      return InetAddress.getByName(text).getHostAddress();
    } catch (UnknownHostException none) {
      return text;
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw notAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw notAClient();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw notAClient();
  }

  private static CertificateException notAClient() {
    return new CertificateException("this server connects to nobody");
  }
}
