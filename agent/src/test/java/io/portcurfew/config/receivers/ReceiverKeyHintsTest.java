package io.portcurfew.config.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.Examples;
import io.portcurfew.config.Schemas;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.AlertmanagerSettings;
import io.portcurfew.notify.receivers.CommandSettings;
import io.portcurfew.notify.receivers.EmailSettings;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.notify.receivers.PagerdutySettings;
import io.portcurfew.notify.receivers.ReceiverSettings;
import io.portcurfew.notify.receivers.SlackSettings;
import io.portcurfew.notify.receivers.SyslogSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that need files, which the example files cannot name. */
class ReceiverKeyHintsTest {

  @TempDir private static Path certificates;
  private static Path certificate;
  @TempDir private Path folder;
  private Path secret;

  /** Made by keytool, which every JDK has and which takes its time. */
  @BeforeAll
  static void certificate() throws Exception {
    Path store = certificates.resolve("keys");
    certificate = certificates.resolve("ca.pem");
    keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=x", "-keystore", store);
    keytool("-exportcert", "-rfc", "-alias", "a", "-keystore", store, "-file", certificate);
  }

  @BeforeEach
  void secret() throws IOException {
    secret = file("secret", "https://hooks.slack.com/services/T0K3N\n", "rw-------");
  }

  private Path file(String name, String content, String rights) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private static byte[] text(String kind) {
    return "notify:\n  receivers:\n    - name: ops\n      timeout: 7s\n      %s\n"
        .formatted(kind)
        .getBytes(UTF_8);
  }

  private static ReceiverSettings settings(String kind) {
    ReadResult<AgentConfig> read = Examples.config("portcurfew.yaml", text(kind));
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    Schema schema = Schemas.schema("config");
    assertThat(Schemas.errors(schema, text(kind))).isEmpty();
    AgentConfig config = ((ReadResult.Good<AgentConfig>) read).value();
    assertThat(config.toString()).doesNotContain("T0K3N");
    return config.receivers().get(0).settings();
  }

  private static List<String> problems(String kind) {
    ReadResult<AgentConfig> read = Examples.config("portcurfew.yaml", text(kind));
    return read instanceof ReadResult.Bad<AgentConfig> bad
        ? bad.problems().stream().map(Problem::toString).toList()
        : List.of();
  }

  @Test
  void slackHasItsUrlInAFile() {
    SlackSettings slack = (SlackSettings) settings("slack: {url_file: %s}".formatted(secret));
    assertThat(slack.url()).isEqualTo(URI.create("https://hooks.slack.com/services/T0K3N"));
    assertThat(slack.timeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"T0K3N", "http://hooks.slack.com/T0K3N", "https://T0K3N@h/", "https:"})
  void invalidUrlInAFileIsNotShown(String content) throws IOException {
    Path file = file("url", content, "rw-------");
    assertThat(problems("slack: {url_file: %s}".formatted(file)))
        .singleElement()
        .asString()
        .contains("notify.receivers[0].slack.url_file: ")
        .doesNotContain("T0K3N");
  }

  @Test
  void pagerDutyReadsItsKeyFromAFile() {
    PagerdutySettings usual =
        (PagerdutySettings) settings("pagerduty: {routing_key_file: %s}".formatted(secret));
    assertThat(usual.url()).isEqualTo(URI.create("https://events.pagerduty.com/v2/enqueue"));
    PagerdutySettings eu =
        (PagerdutySettings)
            settings(
                "pagerduty: {routing_key_file: %s, url: \"https://events.eu.pagerduty.com/v2/enqueue\"}"
                    .formatted(secret));
    assertThat(eu.url().getHost()).isEqualTo("events.eu.pagerduty.com");
    assertThat(eu.routingKey()).hasToString("***");
  }

  @Test
  void mailPasswordComesFromAFile() throws Exception {
    EmailSettings mail =
        (EmailSettings)
            settings(
                "email: {server: \"mail.example.org:587\", user: ops, password_file: %s, from: a@b.org, to: c@d.org, ca_file: %s}"
                    .formatted(secret, certificate));
    assertThat(mail.server())
        .isEqualTo(InetSocketAddress.createUnresolved("mail.example.org", 587));
    assertThat(mail.security()).isEqualTo(EmailSettings.Security.STARTTLS);
    assertThat(mail.login().user()).isEqualTo("ops");
    assertThat(mail.to()).containsExactly("c@d.org");
    assertThat(mail.authorities().certificates()).hasSize(1);
  }

  @Test
  void anAlertmanagerMayWantAToken() {
    AlertmanagerSettings alertmanager =
        (AlertmanagerSettings)
            settings(
                "alertmanager: {urls: [\"https://am.example.org/x\"], token_file: %s}"
                    .formatted(secret));
    assertThat(alertmanager.token()).hasToString("***");
    assertThat(alertmanager.resendEvery()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void syslogMayHaveCertificatesOfItsOwn() throws Exception {
    SyslogSettings syslog =
        (SyslogSettings)
            settings(
                "syslog: {server: \"[::1]:6514\", transport: tls, ca_file: %s}"
                    .formatted(certificate));
    assertThat(syslog.facility()).isEqualTo(3);
    assertThat(syslog.server()).isEqualTo(InetSocketAddress.createUnresolved("::1", 6514));
    assertThat(syslog.authorities().certificates()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook: {url: \"https://h.example.org/\", ca_file: CA}",
        "alertmanager: {urls: [\"http://127.0.0.1:1\", \"https://h.example.org/\"], ca_file: CA}",
        "slack: {url_file: SECRET, ca_file: CA}",
        "pagerduty: {routing_key_file: SECRET, ca_file: CA}"
      })
  void aReceiverOverHttpsMayHaveCertificatesOfItsOwn(String kind) throws Exception {
    String known = kind.replace("CA", certificate.toString());
    ReceiverSettings settings = settings(known.replace("SECRET", secret.toString()));
    assertThat(settings.authorities().certificates()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slack: {url_file: SECRET, ca_file: CA}",
        "pagerduty: {routing_key_file: SECRET, url: \"http://localhost/\", ca_file: CA}"
      })
  void withoutTlsThereAreNoCertificates(String kind) throws Exception {
    Path plain = file("plain", "http://localhost:8065/hooks/T0K3N", "rw-------");
    String known = kind.replace("CA", certificate.toString());
    assertThat(problems(known.replace("SECRET", plain.toString())))
        .singleElement()
        .asString()
        .contains(".ca_file: http uses no certificates. Found: /")
        .endsWith("Expected: no ca_file.");
  }

  @Test
  void templatesAreRead() {
    TextTemplate own = TextTemplate.of("{{host}}: {{summary}}");
    String template = ", template: {%s: \"{{host}}: {{summary}}\"}}";
    SlackSettings slack =
        (SlackSettings) settings("slack: {url_file: " + secret + template.formatted("text"));
    assertThat(slack.text()).isEqualTo(own);
    PagerdutySettings pager =
        (PagerdutySettings)
            settings("pagerduty: {routing_key_file: " + secret + template.formatted("summary"));
    assertThat(pager.summary()).isEqualTo(own);
    SyslogSettings syslog =
        (SyslogSettings)
            settings("syslog: {server: \"h:1\", transport: udp" + template.formatted("message"));
    assertThat(syslog.message()).isEqualTo(own);
    EmailSettings mail =
        (EmailSettings)
            settings(
                "email: {server: \"h:1\", from: a@b.org, to: c@d.org" + template.formatted("text"));
    assertThat(mail.wording()).isEqualTo(new EmailSettings.Wording(null, own));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{host}}\\t", "\\e[2J", "\\u202E", "TOO-LONG"})
  void longOrUnprintableTemplateIsRefused(String text) {
    String template = text.replace("TOO-LONG", "x".repeat(4097));
    assertThat(
            problems(
                "syslog: {server: \"h:1\", transport: udp, template: {message: \""
                    + template
                    + "\"}}"))
        .singleElement()
        .asString()
        .containsAnyOf("a character that is not printable", "the text is too long");
  }

  @Test
  void aCommandAndAFileHaveTheirLimits() {
    CommandSettings command =
        (CommandSettings) settings("command: {run: [/bin/true, \"--to\", ops]}");
    assertThat(command.arguments()).containsExactly("--to", "ops");
    assertThat(command.timeout()).isEqualTo(Duration.ofSeconds(7));
    FileSettings file = (FileSettings) settings("file: {path: /var/log/alerts.json}");
    assertThat(file.mostBytes()).isEqualTo(16L << 20);
    assertThat(file.keep()).isEqualTo(5);
  }

  @Test
  void programThatEveryUserCanWriteIsRefused() throws IOException {
    Path program = file("page", "#!/bin/sh\n", "rwxrwxrwx");
    assertThat(problems("command: {run: [%s]}".formatted(program)))
        .singleElement()
        .asString()
        .contains("every user can write the file");
  }

  @Test
  void aFileThatHoldsNoCertificateIsRefused() {
    assertThat(problems("syslog: {server: \"h:1\", transport: tls, ca_file: %s}".formatted(secret)))
        .singleElement()
        .asString()
        .contains("the file holds no valid certificates");
  }

  @Test
  void examplesOfTheShippedConfigAreValid() throws Exception {
    String shipped = Files.readString(Examples.SHIPPED.resolve("portcurfew.yaml"));
    String example =
        shipped
            .substring(shipped.indexOf("# notify:"))
            .replaceAll("(?m)^# ?", "")
            .replace("/etc/portcurfew/ca.pem", certificate.toString())
            .replaceAll("/etc/portcurfew/[a-z.]+", secret.toString())
            .replace("/usr/local/bin/page", "/bin/true");
    ReadResult<AgentConfig> read = Examples.config("portcurfew.yaml", example.getBytes(UTF_8));
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    assertThat(((ReadResult.Good<AgentConfig>) read).value().receivers())
        .extracting(receiver -> receiver.settings().kind())
        .containsExactlyInAnyOrderElementsOf(ReceiverReader.KINDS.keySet());
    assertThat(Schemas.errors(Schemas.schema("config"), example.getBytes(UTF_8))).isEmpty();
  }

  private static void keytool(Object... arguments) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    List.of(arguments).forEach(word -> words.add(word.toString()));
    words.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit"));
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
