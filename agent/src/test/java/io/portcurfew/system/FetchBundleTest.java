package io.portcurfew.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.portcurfew.bundle.BundleLimits;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.notify.receivers.SelfSigned;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that fetches bundles for the agent, with the real curl and a server with TLS. */
@LiveHost
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class FetchBundleTest {

  private static final Path SCRIPT = Path.of("src/main/dist/bin/fetch-bundle").toAbsolutePath();
  private static final String ARCHIVE = "policy-bundle.tar.gz";
  private static final String SIGNATURE = ARCHIVE + ".sig";

  private static SelfSigned certificate;

  @TempDir private Path folder;
  private Path tools;
  private Path state;
  private Path authority;
  private HttpsServer server;

  /** The body of each path; its own text is its ETag. */
  private final Map<String, String> bodies = new ConcurrentHashMap<>();

  private final List<String> answers = new CopyOnWriteArrayList<>();

  /** Runs between the first answer and the second one. */
  private Runnable afterFirst = () -> {};

  @BeforeAll
  static void createCertificate(@TempDir Path folder) throws Exception {
    certificate = new SelfSigned(folder);
  }

  @BeforeEach
  void start() throws Exception {
    Requirement.program("curl");
    state = Files.createDirectory(folder.resolve("state"));
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("cat", "curl", "mv", "rm", "sync", "wc")) {
      tool(tool, "exec /usr/bin/" + tool + " \"$@\"");
    }
    tool("sleep", "exit 0");
    authority = certificate.pem(folder.resolve("ca.pem"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    server.createContext("/", this::answer);
    server.start();
    publish("1");
  }

  private void tool(String name, String commands) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + commands + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void publish(String revision) {
    bodies.put("/p.sig", "signature " + revision);
    bodies.put("/p", "archive " + revision);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = bodies.getOrDefault(path, "404");
    String etag = '"' + body + '"';
    try (exchange) {
      if (body.equals("endless") || body.equals("large")) {
        exchange.sendResponseHeaders(200, body.equals("large") ? BundleLimits.ARCHIVE + 1L : 0);
        writeForever(exchange.getResponseBody());
      } else if (body.matches("\\d{3}")) {
        exchange.getResponseHeaders().set("Location", "/p");
        exchange.sendResponseHeaders(Integer.parseInt(body), -1);
      } else if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        answers.add("304 " + exchange.getRequestURI());
        exchange.sendResponseHeaders(304, -1);
      } else {
        answers.add("200 " + exchange.getRequestURI());
        exchange.getResponseHeaders().set("ETag", etag);
        exchange.sendResponseHeaders(200, body.length());
        exchange.getResponseBody().write(body.getBytes(UTF_8));
      }
    }
    afterFirst.run();
    afterFirst = () -> {};
  }

  private static void writeForever(OutputStream out) {
    try {
      while (true) {
        out.write(new byte[64 * 1024]);
      }
    } catch (IOException clientLeft) {
      return;
    }
  }

  private String url(String path) {
    return "https://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Tool.Result fetch() throws Exception {
    return fetch(Map.of("BUNDLE_URL", url("/p"), "CURL_CA_BUNDLE", authority.toString()));
  }

  private Tool.Result fetch(Map<String, String> variables) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", SCRIPT.toString());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(variables);
    Process process = builder.directory(state.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Tool.Result(process.waitFor(), output);
  }

  private void fetched(String revision) throws Exception {
    Tool.Result result = fetch();
    assertThat(result.output()).isEmpty();
    assertThat(result.status()).isZero();
    assertFetched(revision);
  }

  private void assertFetched(String revision) {
    assertThat(state.resolve(ARCHIVE)).hasContent("archive " + revision);
    assertThat(state.resolve(SIGNATURE)).hasContent("signature " + revision);
    assertThat(state.toFile().list()).noneMatch(name -> name.endsWith(".new"));
  }

  @Test
  void unchangedBundle_isDownloadedOnce() throws Exception {
    fetched("1");
    answers.clear();
    fetched("1");
    assertThat(answers).containsExactly("304 /p", "304 /p.sig");
    publish("2");
    fetched("2");
  }

  @Test
  void signatureIsBesideTheArchive_beforeTheQuery() throws Exception {
    String url = url("/p?v=2&w=?");
    Map<String, String> variables =
        Map.of("BUNDLE_URL", url, "CURL_CA_BUNDLE", authority.toString());
    assertThat(fetch(variables).status()).isZero();
    assertThat(answers).startsWith("200 /p?v=2&w=?", "200 /p.sig?v=2&w=?");
    answers.clear();
    fetched("1");
    assertThat(answers).as("another address").startsWith("200 /p", "200 /p.sig");
  }

  @Test
  void bundleThatIsPublishedMeanwhile_isFetchedAsAWhole() throws Exception {
    fetched("1");
    bodies.put("/p", "archive 0");
    afterFirst = () -> publish("2");
    fetched("2");
  }

  @Test
  void newSignatureAlone_isFetched() throws Exception {
    fetched("1");
    bodies.put("/p.sig", "signature by another key");
    assertThat(fetch().status()).isZero();
    assertThat(state.resolve(SIGNATURE)).hasContent("signature by another key");
  }

  @Test
  void interruptedDownload_isStartedAgain() throws Exception {
    fetched("1");
    Files.writeString(state.resolve(ARCHIVE + ".new"), "archive 1, never put in place");
    Files.writeString(state.resolve(ARCHIVE), "an older one");
    fetched("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/p     | endless | policy-bundle.tar.gz on the server is larger than 4096 KiB",
        "/p     | large   | policy-bundle.tar.gz on the server is larger than 4096 KiB",
        "/p.sig | endless | policy-bundle.tar.gz.sig on the server is larger than 256 KiB",
        "/p     | 301     | the server answered 301 for policy-bundle.tar.gz",
        "/p     | 500     | policy-bundle.tar.gz could not be fetched",
        "/p.sig | 404     | policy-bundle.tar.gz.sig could not be fetched",
      })
  void failure_changesNothing(String path, String body, String message) throws Exception {
    fetched("1");
    publish("2");
    bodies.put(path, body);
    Tool.Result result = fetch();
    assertThat(result.output()).contains("fetch-bundle: " + message + "\n");
    assertThat(result.status()).isOne();
    assertThat(state.resolve(ARCHIVE)).hasContent("archive 1");
    assertThat(state.resolve(SIGNATURE)).hasContent("signature 1");
    publish("2");
    fetched("2");
  }

  @Test
  void limitsAreThoseOfTheAgent() throws Exception {
    assertThat(Files.readString(SCRIPT))
        .contains("\"$BUNDLE_URL\" " + BundleLimits.ARCHIVE / 1024 + "\n")
        .contains("\"$signature_url\" " + AllowedSigners.MOST / 1024 + "\n");
  }

  /** The agent cannot read the files then, and reports that as it reports a server that is gone. */
  @Test
  void thirdFailureInARow_removesTheFiles() throws Exception {
    fetched("1");
    bodies.put("/p", "500");
    fetch();
    fetch();
    publish("1");
    fetched("1");
    bodies.put("/p", "500");
    for (int failures = 1; failures <= 3; failures++) {
      assertThat(state.resolve(ARCHIVE)).exists();
      assertThat(fetch().status()).isOne();
    }
    assertThat(state.resolve(ARCHIVE)).doesNotExist();
    assertThat(state.resolve(SIGNATURE)).doesNotExist();
    publish("1");
    fetched("1");
  }

  @Test
  void serverThatNoAuthorityCertifies_isRefused() throws Exception {
    Tool.Result result = fetch(Map.of("BUNDLE_URL", url("/p")));
    assertThat(result.output()).contains("curl: (60)").contains("could not be fetched");
    assertThat(state.resolve(ARCHIVE)).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                               | no https address",
        "http://127.0.0.1/p             | no https address",
        "-o/etc/passwd                  | no https address",
        "https://x/p https://y/p        | a blank, a quote or a backslash",
        "https://x/p\"LINEproxy=\"x     | a blank, a quote or a backslash",
        "https://x/pLINE                 | a blank, a quote or a backslash",
        "https://x/p\\n                 | a blank, a quote or a backslash",
      })
  void wrongAddress_isRefused(String url, String message) throws Exception {
    Tool.Result result =
        fetch(url == null ? Map.of() : Map.of("BUNDLE_URL", url.replace("LINE", "\n")));
    assertThat(result.output()).startsWith("fetch-bundle: BUNDLE_URL ").contains(message);
    assertThat(result.status()).isOne();
  }

  @Test
  void withoutCurl_thatIsTheMessage() throws Exception {
    Files.delete(tools.resolve("curl"));
    assertThat(fetch().output()).isEqualTo("fetch-bundle: curl is not installed\n");
  }
}
