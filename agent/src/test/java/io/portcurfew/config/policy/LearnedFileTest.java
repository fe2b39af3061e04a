package io.portcurfew.config.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedFileTest {

  private static final Rule SSH =
      new Rule(
          "sshd-22",
          new RuleScope(List.of(new PortRange(22, 22)), Set.of(Protocol.TCP), "host"),
          Expectation.ALLOWED,
          RuleTerms.NONE,
          NotifySettings.of(
              Severity.WARNING, "learned on 2026-11-23 from web-1, not yet reviewed"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("baseline.yaml");
  }

  private LoadedConfig policyThatIncludesIt() throws IOException {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            version: 1
            default: deny
            include: [baseline.yaml]
            rules: [{name: npmp-gui, ports: 611, expect: closed}]
            """);
    ReadResult<LoadedConfig> read =
        new ConfigFiles(folder.resolve("none.yaml"), cron -> Optional.empty()).load(null, policy);
    return ((ReadResult.Good<LoadedConfig>) read).value();
  }

  @Test
  void learnedFileIsRecognizedByItsFirstLine() throws IOException {
    assertThat(LearnedFile.isAt(file)).isFalse();
    Files.writeString(file, LearnedFile.text(List.of(SSH), List.of("more")));
    assertThat(LearnedFile.isAt(file)).isTrue();
    assertThat(LearnedFile.read(file)).isEqualTo(new ReadResult.Good<>(List.of(SSH)));
    Files.writeString(file, "# mine\n" + LearnedFile.text(List.of(SSH), List.of()));
    assertThat(LearnedFile.isAt(file)).isFalse();
    assertThat(LearnedFile.isAt(folder)).isFalse();
  }

  @Test
  void fileOfVersion010IsRecognized() throws IOException {
    String text = LearnedFile.text(List.of(SSH), List.of());
    Files.writeString(file, text.replace("# Baseline learned by", "# Baseline learnt by"));
    assertThat(LearnedFile.isAt(file)).isTrue();
    assertThat(policyThatIncludesIt().origin().learned()).containsExactly(SSH);
  }

  @Test
  void policyKnowsItsLearnedRules() throws IOException {
    Files.writeString(file, LearnedFile.text(List.of(SSH), List.of()));
    assertThat(policyThatIncludesIt().origin().learned()).containsExactly(SSH);
    Files.writeString(file, "# mine\n" + LearnedFile.text(List.of(SSH), List.of()));
    assertThat(policyThatIncludesIt().origin().learned()).isEmpty();
  }

  @Test
  void aRemarkOfSeveralLinesStaysARemark() throws IOException {
    List<String> remarks = List.of("one\nrules: [{name: forged}]\rdefault: allow", "");
    Files.writeString(file, LearnedFile.text(List.of(SSH), remarks));
    assertThat(LearnedFile.read(file)).isEqualTo(new ReadResult.Good<>(List.of(SSH)));
  }
}
