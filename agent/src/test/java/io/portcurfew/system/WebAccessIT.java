package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.web.WebConfigFolder;
import io.portcurfew.process.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with a web configuration file, asked by curl. */
@Timeout(1200)
class WebAccessIT {

  private static final String TLS =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

  /** The example of exporter-toolkit, whose passwords nobody knows, and one of a known password. */
  private static final String USERS =
      """
      basic_auth_users:
        alice: $2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze
        prometheus: $2y$10$81NXqrx5IfTMRgNRgleAvODYfVZGLirS71JZRZ.RGf2hQIICQ1JkK
      """;

  private static final String PAGE = "Listeners as JSON";

  @TempDir private Path temp;
  private WebConfigFolder folder;
  private String every = "1s";
  private String listen = "127.0.0.1:0";

  @BeforeAll
  static void needs() {
    Requirement.program("curl");
  }

  @BeforeEach
  void copyCertificates() throws IOException {
    folder = WebConfigFolder.in(temp);
  }

  private Daemon daemon(String web) throws Exception {
    return daemon(List.of(), web);
  }

  private Daemon daemon(List<String> prefix, String web) throws Exception {
    folder.write(web);
    Path config =
        Files.writeString(
            temp.resolve("portcurfew.yaml"),
            """
            scan: {every: %s}
            events: {tcp: off, udp: off}
            state: %s
            web: {listen: "%s", config_file: web-config.yml}
            """
                .formatted(every, temp.resolve("state"), listen));
    return Daemon.start(prefix, config, temp.resolve("log"));
  }

  /** The status of a request, as curl prints it; 000 if there was no answer. */
  private String status(Daemon daemon, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--cacert",
                temp.resolve("ca.crt").toString()));
    command.addAll(List.of(options));
    command.add(daemon.webScheme() + "://" + daemon.web() + "/metrics");
    return Program.run(command).out();
  }

  private String[] certificate(String name) {
    return new String[] {
      "--cert",
      temp.resolve(name + ".crt").toString(),
      "--key",
      temp.resolve(name + ".key").toString()
    };
  }

  @Test
  void curlLogsInOverTls() throws Exception {
    try (Daemon daemon = daemon(TLS + USERS)) {
      assertThat(status(daemon, "-u", "prometheus:correct horse")).isEqualTo("200");
      assertThat(status(daemon, "-u", "prometheus:wrong")).isEqualTo("401");
      assertThat(status(daemon)).isEqualTo("401");
      assertThat(status(daemon, "--tls-max", "1.2", "-u", "prometheus:correct horse"))
          .isEqualTo("200");
    }
  }

  /** The name server of this namespace never answers; a look-up would take minutes. */
  @Test
  void scrapeOverTlsAsksNoNameServer() throws Exception {
    try (Namespace here = Namespace.create("agent");
        Namespace there = Namespace.create("scraper")) {
      here.connect(there);
      here.run("ip", "neigh", "add", "10.61.1.3", "lladdr", "02:00:00:00:00:03", "dev", "pc0");
      Path files = Files.createDirectories(Path.of("/etc/netns").resolve(here.name()));
      Path resolver = files.resolve("resolv.conf");
      Files.writeString(resolver, "nameserver 10.61.1.3\noptions timeout:30 attempts:5\n");
      listen = "10.61.1.1:0";
      try (Daemon daemon = daemon(here.prefix(), TLS + USERS)) {
        String url = "https://" + daemon.web() + "/metrics";
        String[] scrape = {"curl", "-sk", "-m", "120", "-u", "prometheus:correct horse", url};
        assertThat(there.run(scrape).out()).contains("portcurfew_build_info{");
        assertThat(daemon.log()).doesNotContain("asks the name service");
      } finally {
        Files.delete(resolver);
        Files.delete(files);
      }
    }
  }

  /** Few connections without a right password begin; a scrape from anywhere is served. */
  @Test
  void floodOfOneNetworkKeepsNoScrapeOut() throws Exception {
    try (Namespace here = Namespace.create("agent");
        Namespace there = Namespace.create("scraper")) {
      here.connect(there);
      listen = "10.61.1.1:0";
      try (Daemon daemon = daemon(here.prefix(), TLS + USERS)) {
        String url = "https://" + daemon.web() + "/metrics";
        String curl = "curl -sk -o /dev/null -w '%{http_code}\\n' -u prometheus:";
        String right = curl + "'correct horse' -m 120 " + url;
        assertThat(there.run("sh", "-c", right).out()).isEqualTo("200\n");
        String many = "for i in $(seq 120); do " + curl + "$i -m 20 " + url + " & done; wait";
        List<String> flood = new ArrayList<>(here.prefix());
        flood.addAll(List.of("sh", "-c", many));
        Path answers = temp.resolve("answers");
        Duration start = Ticker.SYSTEM.elapsed();
        Process clients = Program.builder(flood).redirectOutput(answers.toFile()).start();
        for (int i = 0; i < 3; i++) {
          assertThat(there.run("sh", "-c", right).out()).isEqualTo("200\n");
          assertThat(here.run("sh", "-c", right).out()).isEqualTo("200\n");
        }
        assertThat(clients.isAlive()).as("the flood goes on").isTrue();
        assertThat(clients.waitFor()).isZero();
        long seconds = Ticker.SYSTEM.since(start).toSeconds();
        List<String> codes = Files.readAllLines(answers);
        assertThat(codes).contains("429").doesNotContain("200").hasSize(120);
        assertThat(codes.stream().filter(code -> !code.equals("000")).count())
            .as("clients that were answered in %d s, at four a second", seconds)
            .isLessThan(8 * seconds);
      }
    }
  }

  @Test
  void browserLogsInOverTls() throws Exception {
    try (Daemon daemon = daemon(TLS + USERS);
        Browser browser = Browser.start("--ignore-certificate-errors")) {
      browser.open("https://" + daemon.web() + "/");
      assertThat(text(browser)).doesNotContain(PAGE);
      browser.open("https://prometheus:correct%20horse@" + daemon.web() + "/");
      browser.until("the page is there", "document.querySelector('main') !== null");
      assertThat(text(browser)).contains(PAGE);
    }
  }

  private static String text(Browser browser) {
    return String.valueOf(browser.run("return document.body.innerText"));
  }

  @Test
  void certificateOfAnotherAuthorityIsRefused() throws Exception {
    String clients =
        TLS
            + "  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n"
            + "  client_allowed_sans: [prometheus.example]\n";
    Peer.certificate(temp);
    try (Daemon daemon = daemon(clients)) {
      assertThat(status(daemon, certificate("prometheus"))).isEqualTo("200");
      assertThat(status(daemon, certificate("other"))).isEqualTo("000");
      assertThat(status(daemon)).isEqualTo("000");
      String[] stranger = {
        "--cert", temp.resolve("cert.pem").toString(), "--key", temp.resolve("key.pem").toString()
      };
      assertThat(status(daemon, stranger)).isEqualTo("000");
    }
  }

  @Test
  void changedCertificateAndUsersAreReadWithoutARestart() throws Exception {
    try (Daemon daemon = daemon(TLS + USERS)) {
      assertThat(status(daemon, "-u", "prometheus:correct horse")).isEqualTo("200");
      assertThat(subject(daemon)).contains("CN=server\n");
      folder.copy("server-rsa.crt", "server.crt");
      folder.copy("server-rsa.key", "server.key");
      Peer.until("the new certificate is served", () -> subject(daemon).contains("CN=server-rsa"));
      folder.write(TLS + "basic_auth_users: {}\n");
      Peer.until("no login is needed", () -> status(daemon).equals("200"));
      folder.write(TLS + "certificate: none\n");
      Peer.until("the bad file is refused", () -> daemon.log().contains("unknown key"));
      assertThat(status(daemon)).isEqualTo("200");
    }
  }

  private String subject(Daemon daemon) throws Exception {
    String shell =
        "openssl s_client -connect %s </dev/null 2>/dev/null | openssl x509 -noout -subject -nameopt RFC2253"
            .formatted(daemon.web());
    return Program.run("sh", "-c", shell).out();
  }

  /** Closed loops of wrong passwords, each another one, while a known user scrapes. */
  @Test
  void floodOfWrongPasswordsCostsLittle() throws Exception {
    every = "5m";
    try (Daemon daemon = daemon(TLS + USERS)) {
      assertThat(status(daemon, "-u", "prometheus:correct horse")).isEqualTo("200");
      Daemon.until("the start is over", () -> cpu(daemon, 3).compareTo(Duration.ofMillis(30)) < 0);
      String loop =
          "i=0; end=$(($(date +%s)+40)); while [ $(date +%s) -lt $end ]; do i=$((i+1));"
              + " curl -sk -o /dev/null -u \"alice:$1-$i\" https://"
              + daemon.web()
              + "/metrics; done";
      List<Process> clients = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        clients.add(Program.builder(List.of("sh", "-c", loop, "sh", "" + i)).start());
      }
      Duration flooded = cpu(daemon, 40);
      assertThat(status(daemon, "-u", "prometheus:correct horse")).isEqualTo("200");
      clients.forEach(ProcessEnd::kill);
      double share = flooded.toMillis() / 40_000.0;
      System.out.printf("flood of wrong passwords: %.1f %% of a core%n", 100 * share);
      assertThat(share).isLessThan(0.05);
    }
  }

  @Test
  void bcryptIsLoadedForLoginsAlone() throws Exception {
    assertThat(loadedClasses(TLS)).contains("sun.security.ssl.").doesNotContain("at.favre.");
    assertThat(loadedClasses(TLS + USERS)).contains("at.favre.lib.crypto.bcrypt.");
  }

  private String loadedClasses(String web) throws Exception {
    Path classes = temp.resolve("classes");
    String options = "PORTCURFEW_JAVA_OPTIONS=-Xlog:class+load=info:file=" + classes;
    try (Daemon daemon = daemon(List.of("env", options), web)) {
      assertThat(status(daemon, "-u", "prometheus:correct horse")).isEqualTo("200");
    }
    return Files.readString(classes);
  }

  private static Duration cpu(Daemon daemon, int seconds) throws Exception {
    Duration start = cpu(daemon);
    Thread.sleep(seconds * 1000L);
    return cpu(daemon).minus(start);
  }

  private static Duration cpu(Daemon daemon) {
    return ProcessHandle.of(daemon.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }
}
