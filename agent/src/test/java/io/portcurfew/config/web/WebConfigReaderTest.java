package io.portcurfew.config.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.web.access.ClientCertificates;
import io.portcurfew.web.access.RequestRate;
import io.portcurfew.web.access.TlsSettings;
import io.portcurfew.web.access.WebAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebConfigReaderTest {

  private static final String TLS =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";
  private static final String HASH = "$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze";

  @TempDir private Path temp;
  private WebConfigFolder folder;

  @BeforeEach
  void copyCertificates() throws IOException {
    folder = WebConfigFolder.in(temp);
  }

  private TlsSettings tls(String yaml) throws IOException {
    TlsSettings tls = folder.read(yaml).tls();
    assertThat(tls).isNotNull();
    return tls;
  }

  @Test
  void exampleOfExporterToolkitIsRead() throws IOException {
    WebAccess access =
        folder.read(
            TLS
                + """
                basic_auth_users:
                  alice: $2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze
                  bob: $2y$10$hLqFl9jSjoAAy95Z/zw8Ye8wkdMBM8c5Bn1ptYqP/AXyV0.oy0S8m
                basic_auth_excluded_paths:
                - /-/healthy
                - /-/ready
                """);
    assertThat(access.users()).containsOnlyKeys("alice", "bob").containsEntry("alice", HASH);
    assertThat(access.withoutLogin()).containsExactlyInAnyOrder("/-/healthy", "/-/ready");
    assertThat(access.authenticates()).isTrue();
    assertThat(access.toString()).doesNotContain("$2y$");
    TlsSettings tls = access.tls();
    assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
    assertThat(tls.clients()).isEqualTo(ClientCertificates.NONE);
    assertThat(tls.chain()).hasSize(1);
  }

  @Test
  void everyKeyIsRead() throws IOException {
    WebAccess access =
        folder.read(
            TLS
                + """
                  client_ca_file: ca.crt
                  client_auth_type: RequireAndVerifyClientCert
                  client_allowed_sans: [prometheus.example, "10.0.0.1"]
                  min_version: TLS12
                  max_version: TLS12
                  cipher_suites:
                    - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                    - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
                  prefer_server_cipher_suites: false
                http_server_config:
                  http2: false
                  headers:
                    Content-Security-Policy: default-src 'self'
                    X-Frame-Options: deny
                    X-Content-Type-Options: nosniff
                    X-XSS-Protection: ""
                    Strict-Transport-Security: max-age=31536000
                rate_limit: {interval: 1m30s, burst: 20}
                """);
    TlsSettings tls = access.tls();
    assertThat(tls.protocols()).containsExactly("TLSv1.2");
    assertThat(tls.suites())
        .containsExactly(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    assertThat(tls.serverOrder()).isFalse();
    assertThat(tls.clients().allowedSans())
        .containsExactlyInAnyOrder("prometheus.example", "10.0.0.1");
    assertThat(tls.clients().authorities()).hasSize(1);
    assertThat(access.headers())
        .containsOnlyKeys(
            "Content-Security-Policy",
            "X-Frame-Options",
            "X-Content-Type-Options",
            "Strict-Transport-Security");
    assertThat(access.rate()).isEqualTo(new RequestRate(Duration.ofSeconds(90), 20));
    assertThat(access.authenticates()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "server.crt, server.key, EC",
    "server.crt, server-sec1.key, EC",
    "server.crt, server-sec1-params.key, EC",
    "server-rsa.crt, server-rsa.key, RSA",
    "server-rsa.crt, server-rsa-pkcs1.key, RSA",
    "server-ed.crt, server-ed.key, EdDSA"
  })
  void everyFormOfKeyIsRead(String certificate, String key, String algorithm) throws IOException {
    TlsSettings tls =
        tls("tls_server_config: {cert_file: %s, key_file: %s}".formatted(certificate, key));
    assertThat(tls.key().getAlgorithm()).isEqualTo(algorithm);
    assertThat(tls.context()).isNotNull();
  }

  @Test
  void inlineCertificateAndKeyAreRead() throws IOException {
    String certificate = Files.readString(temp.resolve("server.crt")).indent(4);
    String key = Files.readString(temp.resolve("server.key")).indent(4);
    assertThat(tls("tls_server_config:\n  cert: |\n" + certificate + "  key: |\n" + key).chain())
        .hasSize(1);
  }

  @Test
  void emptyFileProtectsNothing() throws IOException {
    assertThat(folder.read("{}")).isEqualTo(WebAccess.OPEN);
    assertThat(folder.read("rate_limit: {interval: 0, burst: 1}")).isEqualTo(WebAccess.OPEN);
    assertThat(folder.read("rate_limit: {interval: 0s, burst: 0}")).isEqualTo(WebAccess.OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "100us, PT0.0001S",
    "250ms, PT0.25S",
    "1s, PT1S",
    "2m, PT2M",
    "1h30m, PT1H30M",
    "0.5s, PT0.5S",
    "1.5h, PT1H30M",
    "1.s, PT1S",
    ".25s, PT0.25S",
    "1m0.5s, PT1M0.5S",
    "1500µs, PT0.0015S",
    "24h, PT24H",
  })
  void durationsOfGoAreRead(String interval, Duration read) throws IOException {
    assertThat(folder.read("rate_limit: {interval: %s, burst: 1}".formatted(interval)).rate())
        .isEqualTo(new RequestRate(read, 1));
  }

  /** The lines below {@code tls_server_config} of the good file, and the start of the problem. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min_version: TLS10 | 4:16: tls_server_config.min_version: this version cannot be served.",
        "min_version: TLS11 | 4:16: tls_server_config.min_version: this version cannot be served.",
        "max_version: TLS14 | 4:16: tls_server_config.max_version: invalid value.",
        "curve_preferences: [X25519] | 4:22: tls_server_config.curve_preferences: the curves cannot",
        "cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] | 4:19: tls_server_config.cipher_suites[0]: this",
        "client_auth_type: Sometimes | 4:21: tls_server_config.client_auth_type: invalid value.",
        "client_auth_type: RequireAndVerifyClientCert | 4:21: tls_server_config.client_auth_type:",
        "client_ca_file: ca.crt | 4:19: tls_server_config.client_ca_file: no client is asked for",
        "client_ca_file: none.crt | 4:19: tls_server_config.client_ca_file: the file does not exist",
        "client_allowed_sans: [a.example] | 4:24: tls_server_config.client_allowed_sans: a client",
        "cert: inline | 4:9: tls_server_config.cert: both are given.",
        "certfile: server.crt | 4:3: tls_server_config.certfile: unknown key."
      })
  void badTlsKeyIsRefused(String line, String problem) throws IOException {
    assertThat(folder.problems(TLS + "  " + line.strip() + "\n"))
        .singleElement()
        .asString()
        .startsWith(problem.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tls_server_config: {cert_file: server.crt} | 1:20: tls_server_config: the key key_file is",
        "tls_server_config: {cert_file: server.crt, key_file: other.key} |"
            + " 1:54: tls_server_config.key_file: the key is not that of the certificate.",
        "tls_server_config: {cert_file: server.key, key_file: server.key} |"
            + " 1:32: tls_server_config.cert_file: no valid certificates.",
        "tls_server_config: {cert_file: server.crt, key_file: server.crt} |"
            + " 1:54: tls_server_config.key_file: no valid private key.",
        "http_server_config: {http2: true} | 1:29: http_server_config.http2: HTTP/2 is not served,",
        "http_server_config: {headers: {Server: x}} | 1:32: http_server_config.headers.Server: unkn",
        "http_server_config: {headers: {X-Frame-Options: allow}} | 1:49: http_server_config.headers",
        "basic_auth_users: {alice: hush} | 1:27: basic_auth_users.alice: not a bcrypt hash.",
        "basic_auth_users: {alice: $2y$18$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze} |"
            + " 1:27: basic_auth_users.alice: the cost of the hash is out of range.",
        "rate_limit: {interval: 5 d, burst: 1} | 1:24: rate_limit.interval: not a duration",
        "rate_limit: {interval: 0.5, burst: 1} | 1:24: rate_limit.interval: not a duration",
        "rate_limit: {interval: .s, burst: 1} | 1:24: rate_limit.interval: not a duration",
        "rate_limit: {interval: 0.1us, burst: 1} | 1:24: rate_limit.interval: not a duration",
        "rate_limit: {interval: 24.0001h, burst: 1} | 1:24: rate_limit.interval: not a duration",
        "rate_limit: {interval: 1s} | 1:13: rate_limit: the key burst is missing.",
        "basic_auth: {} | 1:1: basic_auth: unknown key."
      })
  void badFileIsRefused(String yaml, String problem) throws IOException {
    assertThat(folder.problems(yaml.strip()))
        .singleElement()
        .asString()
        .startsWith(problem.strip())
        .doesNotContain("hush", "$2y$");
  }

  @Test
  void keyThatOthersCanReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(
        temp.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(folder.problems(TLS))
        .singleElement()
        .asString()
        .contains("key_file: other users can access the key file; run chmod o= on it");
  }

  @Test
  void changedCertificateChangesTheStamps() throws IOException {
    ReadFiles files = new ReadFiles();
    WebConfigReader.read(folder.write(TLS), files, new ArrayList<>());
    assertThat(files.stamps())
        .containsKeys(
            temp.resolve("web-config.yml"), temp.resolve("server.crt"), temp.resolve("server.key"));
  }
}
