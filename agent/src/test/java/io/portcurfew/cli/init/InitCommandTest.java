package io.portcurfew.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.CommandLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitCommandTest {

  @TempDir private Path folder;

  private CommandLines.Ended init(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "init";
    all[1] = "--folder";
    all[2] = folder.resolve("etc").toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return CommandLines.run(all);
  }

  @Test
  void withoutYes_nothingIsWritten() {
    CommandLines.Ended ended = init("--webhook", "https://hooks.example.org/x");
    assertThat(ended.status()).isZero();
    assertThat(ended.text())
        .contains("webhook: {url: \"https://hooks.example.org/x\"}", "default: allow")
        .contains("At the end a test message is sent to https://hooks.example.org/x\n")
        .contains("Nothing was written. Use --yes to write the files.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void yes_writesValidFilesAndKeepsOldOnes() throws IOException {
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Path policy = Files.writeString(etc.resolve("policy.yaml"), "mine");
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-r-----");
    Files.setPosixFilePermissions(policy, mode);
    CommandLines.Ended ended = init("--yes", "--default", "deny", "--listen", "127.0.0.1:0");
    assertThat(ended.status()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("rules, no problem", "0 receivers, no problem");
    assertThat(etc.resolve("policy.yaml")).content().contains("\ndefault: deny\n", "npmp-gui");
    assertThat(etc.resolve("policy.yaml.before-init")).content().isEqualTo("mine");
    assertThat(Files.getPosixFilePermissions(policy)).isEqualTo(mode);
  }

  /** A user who owns the folder makes it one while root runs the command. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void linkInPlaceOfAFile_isNotCopied() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Path config = Files.createSymbolicLink(etc.resolve("portcurfew.yaml"), secret);
    CommandLines.Ended ended = init("--yes", "--default", "deny", "--listen", "127.0.0.1:0");
    assertThat(ended.status()).as(ended.text()).isZero();
    assertThat(etc.resolve("portcurfew.yaml.before-init")).isSymbolicLink();
    assertThat(config).isRegularFile();
    assertThat(secret).hasContent("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--webhook|ftp://x|Expected a URL",
        "--webhook|https://x\"}|Expected a URL",
        "--default|maybe|Expected allow or deny",
        "--listen|localhost:10611|Expected an IP address and a port"
      })
  void wrongAnswer_isRefusedBeforeAnythingIsWritten(String option, String value, String problem) {
    CommandLines.Ended ended = init("--yes", option, value);
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.text()).contains(option + ": " + problem);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void question_isRepeatedUntilTheAnswerIsRight() throws IOException {
    StringWriter shown = new StringWriter();
    InitQuestions questions =
        new InitQuestions(
            new BufferedReader(new StringReader("gopher://x\n\n")), new PrintWriter(shown));
    assertThat(questions.ask("Webhook?", "none", InitAnswers::problemOfWebhook)).isEqualTo("none");
    assertThat(shown.toString()).contains("Webhook? [none] ", "Expected a URL");
  }

  @Test
  void learnedBaseline_isIncluded() {
    String policy =
        new InitAnswers(null, true, true, InitAnswers.LISTEN).policy("a\ndefault: allow\nb", true);
    assertThat(policy).isEqualTo("a\ndefault: deny\ninclude: [baseline.yaml]\nb");
  }
}
