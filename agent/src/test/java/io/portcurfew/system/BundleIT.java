package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.BundleFixture;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.SshKeygen;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon of the finished distribution takes signed bundles from a real nginx with TLS. */
class BundleIT {

  private static final String CLOSED =
      "version: 1\nrules: [{name: r%1$d, ports: %1$d, protocol: tcp, expect: closed}]\n";
  private static final Pattern SCANS =
      Pattern.compile("portcurfew_scans_total\\{outcome=\"(?:complete|partial)\"} ([0-9.]+)");

  @TempDir Path folder;
  private SshKeygen keygen;
  private Path www;
  private Path log;
  private int port;

  @BeforeEach
  void prepare() throws Exception {
    Tool.require("nginx");
    keygen = new SshKeygen(folder);
    www = Files.createDirectories(folder.resolve("www"));
    log = folder.resolve("access.log");
    port = Peer.freePort();
    Peer.certificate(folder);
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        user root;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events {}
        http {
          log_format short '$request_uri $status $body_bytes_sent';
          access_log %1$s/access.log short;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$d ssl;
            ssl_certificate %1$s/cert.pem;
            ssl_certificate_key %1$s/key.pem;
            root %1$s/www;
          }
        }
        """
            .formatted(folder, port));
  }

  private Path configure(String signers) throws Exception {
    Files.writeString(folder.resolve("allowed_signers"), signers);
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy:
          bundle: https://localhost:%d/policy-bundle.tar.gz
          allowed_signers: %2$s/allowed_signers
          ca_file: %2$s/cert.pem
          every: 10s
        scan: {every: 5s}
        state: %2$s/state
        web: {listen: "127.0.0.1:0"}
        """
            .formatted(port, folder));
  }

  /** Publishes a revision as an admin does: the signature first, each file at once. */
  private void publish(long revision, Path key) throws Exception {
    Path built =
        Files.write(
            folder.resolve("policy-bundle.tar.gz"),
            BundleFixture.of(revision, CLOSED.formatted(9000 + revision)).archive());
    keygen.sign(key, built, SignedBundle.NAMESPACE);
    move(Path.of(built + ".sig"), www.resolve("policy-bundle.tar.gz.sig"));
    move(built, www.resolve("policy-bundle.tar.gz"));
  }

  private static void move(Path from, Path to) throws Exception {
    Peer.readable(from);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private Peer nginx() throws Exception {
    Path output = Files.createFile(folder.resolve("nginx.log"));
    Peer nginx = Peer.start(output, "nginx", "-c", folder.resolve("nginx.conf").toString());
    nginx.untilItListens(port);
    return nginx;
  }

  private static void await(Daemon daemon, String metric) throws Exception {
    Daemon.until(metric, () -> daemon.get("/metrics").contains(metric));
  }

  private static String skipped(String metrics) {
    return metrics.replaceAll("(?s).*\nportcurfew_scans_skipped_total (\\S+).*", "$1");
  }

  private static double unchanged(String metrics) {
    String fetches = "portcurfew_bundle_fetches_total\\{outcome=\"unchanged\"}";
    return Double.parseDouble(metrics.replaceAll("(?s).*\n" + fetches + " (\\S+).*", "$1"));
  }

  private static double scans(String metrics) {
    Matcher found = SCANS.matcher(metrics);
    double all = 0;
    while (found.find()) {
      all += Double.parseDouble(found.group(1));
    }
    return all;
  }

  @Test
  void canary_holdsARevisionBack() throws Exception {
    Path config = configure(SshKeygen.line("ops@example.org", "", keygen.key("key")));
    int above = 9000;
    try (Peer nginx = nginx();
        ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(nginx).isNotNull();
      publish(open.getLocalPort() - above, folder.resolve("key"));
      Program.Ended held = fetch(config, "--canary", "0");
      assertThat(held.err())
          .startsWith("held: revision " + (open.getLocalPort() - above) + " is held back: ")
          .contains("it would raise 1 new alert here, more than the 0 of canary; the first: tcp");
      assertThat(held.status()).isEqualTo(1);
      Program.Ended good = fetch(config, "--canary", "1");
      assertThat(good.out()).startsWith("revision " + (open.getLocalPort() - above) + ", signed");
      assertThat(good.status()).isZero();
      String every = "  every: 10s\n";
      Files.writeString(config, Files.readString(config).replace(every, every + "  canary: 0\n"));
      assertThat(fetch(config).status()).isEqualTo(1);
    }
    assertThat(fetch(config, "--canary", "-1").status()).isEqualTo(2);
  }

  private static Program.Ended fetch(Path config, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Program.PORTCURFEW, "bundle", "fetch", "--config", config.toString()));
    command.addAll(List.of(options));
    return Program.run(command);
  }

  @Test
  void newRevision_isActiveWithinItsInterval() throws Exception {
    Path authority = keygen.key("ca");
    Path key = keygen.key("key", "-t", "ecdsa");
    keygen.certify(authority, key, "-I", "night", "-n", "ops@example.org");
    Path config = configure(SshKeygen.line("*@example.org", "cert-authority", authority));
    publish(7, folder.resolve("key-cert.pub"));
    try (Peer nginx = nginx();
        Daemon daemon = Daemon.start(config, folder.resolve("daemon.log"))) {
      assertThat(nginx).isNotNull();
      await(daemon, "portcurfew_bundle_revision 7.0");
      await(daemon, "portcurfew_bundle_fetches_total{outcome=\"unchanged\"} 2.0");
      double before = scans(daemon.get("/metrics"));
      String skipped = skipped(daemon.get("/metrics"));
      double unchanged = unchanged(daemon.get("/metrics"));
      publish(8, folder.resolve("key-cert.pub"));
      await(daemon, "portcurfew_bundle_revision 8.0");
      String metrics = daemon.get("/metrics");
      assertThat(unchanged(metrics))
          .as("looks that missed it: one may have begun before")
          .isLessThanOrEqualTo(unchanged + 1);
      assertThat(scans(metrics)).isGreaterThan(before);
      assertThat(skipped(metrics)).isEqualTo(skipped);
      publish(6, folder.resolve("key-cert.pub"));
      await(daemon, "portcurfew_bundle_fetches_total{outcome=\"refused\"} 1.0");
      await(daemon, "portcurfew_findings{kind=\"policy-not-loaded\",severity=\"warning\"} 1.0");
      assertThat(daemon.get("/metrics")).contains("portcurfew_bundle_revision 8.0");
    }
    try (Stream<String> lines = Files.lines(log)) {
      assertThat(lines).anyMatch(line -> line.equals("/policy-bundle.tar.gz 304 0"));
    }
    try (Daemon daemon = Daemon.start(config, folder.resolve("daemon.log"))) {
      await(daemon, "portcurfew_bundle_revision 8.0");
    }
  }
}
