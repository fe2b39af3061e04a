package io.portcurfew.config.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.Examples;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.receivers.WebhookSettings;
import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReaderTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "hush,hush",
    "hush\\n,hush",
    "hush\\r\\n,hush",
    "hush\\n\\n,hush\\n",
    "' hush ',' hush '"
  })
  void lineEndIsNoPartOfTheSecret(String written, String secret) throws IOException {
    ReadResult<AgentConfig> read = read(file(unescaped(written), "rw-r-----"));
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    AgentConfig config = ((ReadResult.Good<AgentConfig>) read).value();
    WebhookSettings webhook = (WebhookSettings) config.receivers().get(0).settings();
    assertThat(webhook.secret()).isEqualTo(Secret.of(unescaped(secret).getBytes(UTF_8)));
    assertThat(config.toString()).contains("***").doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-----w-", "rw------x"})
  void secretThatOtherUsersCanAccessIsRefused(String rights) throws IOException {
    assertThat(problems(file("hush", rights)).toString())
        .contains(":5:22: notify.receivers[0].webhook.secret_file: other users can access")
        .doesNotContain("hush");
  }

  @Test
  void groupWritableSecretIsRefused() throws IOException {
    Requirement.root();
    Path file = file("hush", "rw-rw----");
    Files.setAttribute(file, "unix:gid", 65534);
    assertThat(problems(file)).singleElement().asString().contains("chmod g-w " + file);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4097, 100_000})
  void anEmptyOrHugeSecretIsRefused(int size) throws IOException {
    assertThat(problems(file("x".repeat(size), "rw-------")))
        .singleElement()
        .asString()
        .contains("the secret file is empty or larger than 4 KiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\n", "\\r\\n"})
  void aLineEndAloneIsNoSecret(String written) throws IOException {
    assertThat(problems(file(unescaped(written), "rw-------"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096})
  void aSecretOfAnAllowedSizeIsTaken(int size) throws IOException {
    assertThat(problems(file("x".repeat(size), "rw-------"))).isEmpty();
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n").replace("\\r", "\r");
  }

  private Path file(String content, String rights) throws IOException {
    Path file = Files.writeString(folder.resolve("webhook.secret"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private static List<Problem> problems(Path secret) {
    return read(secret) instanceof ReadResult.Bad<AgentConfig> bad ? bad.problems() : List.of();
  }

  private static ReadResult<AgentConfig> read(Path secret) {
    String text =
        """
        notify:
          receivers:
            - name: ops
              webhook:
                secret_file: %s
                url: https://hooks.example.org/
        """
            .formatted(secret);
    return Examples.config("portcurfew.yaml", text.getBytes(UTF_8));
  }
}
