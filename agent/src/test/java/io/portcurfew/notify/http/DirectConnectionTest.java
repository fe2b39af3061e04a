package io.portcurfew.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.URI;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.Test;

class DirectConnectionTest {

  private static HttpURLConnection to(String url) throws Exception {
    return DirectConnection.to(URI.create(url).toURL(), TrustedAuthorities.OF_THE_HOST);
  }

  /** The default sockets of the JDK would hold the authorities of the Java runtime. */
  @Test
  void httpsConnection_loadsNoOtherAuthorities() throws Exception {
    HttpsURLConnection open = (HttpsURLConnection) to("https://policies.example.org/");
    assertThat(open.getSSLSocketFactory())
        .isSameAs(TrustedAuthorities.OF_THE_HOST.sockets())
        .isSameAs(HttpsURLConnection.getDefaultSSLSocketFactory());
  }

  @Test
  void httpConnection_hasNoSockets() throws Exception {
    assertThat(to("http://localhost/")).isNotInstanceOf(HttpsURLConnection.class);
  }
}
