package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class RunCommandTest {

  /** Every option, with a value of its own. */
  private static final List<String> OPTIONS =
      List.of("--config=a.yaml", "--policy=/b c.yaml", "--web.config.file=c=d.yaml");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "run|--config|/etc/portcurfew/portcurfew.yaml",
        "run|--config=/etc/portcurfew/portcurfew.yaml",
        "run|--policy|p.yaml|--config|c.yaml",
        "run|--web.config.file=w=x.yaml|--policy=p q.yaml",
        "run|--config|.|--policy|~"
      })
  void plainArguments_areReadAsPicocliReadsThem(String line) {
    String[] arguments = line.split("\\|", -1);
    RunCommand plain = RunCommand.plain(arguments);
    assertThat(plain)
        .usingRecursiveComparison()
        .ignoringFields("spec")
        .isEqualTo(parsed(arguments));
  }

  @Test
  void everyOption_isReadPlainly() {
    CommandLine all = new CommandLine(new RunCommand());
    for (OptionSpec option : all.getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        assertThat(OPTIONS).anyMatch(one -> one.startsWith(option.longestName() + "="));
      }
    }
    String[] arguments = {"run", OPTIONS.get(0), OPTIONS.get(1), OPTIONS.get(2)};
    assertThat(RunCommand.plain(arguments))
        .usingRecursiveComparison()
        .ignoringFields("spec")
        .isEqualTo(parsed(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "scan",
        "scan|--config|a",
        "--config|a|run",
        "run|",
        "run|-h",
        "run|--help",
        "run|--version",
        "run|a",
        "run|--",
        "run|--|--config|a",
        "run|@a",
        "run|--config",
        "run|--config|",
        "run|--config=",
        "run|--config|-h",
        "run|--config|--policy|a",
        "run|--config|@a",
        "run|--config=@a",
        "run|--config|a|--config|b",
        "run|--config|a|b",
        "run|--confi=a",
        "run|--web-config-file=a"
      })
  void otherArguments_areLeftToPicocli(String line) {
    assertThat(RunCommand.plain(line.split("\\|", -1))).isNull();
  }

  @Test
  void noArguments_areLeftToPicocli() {
    assertThat(RunCommand.plain()).isNull();
  }

  /** As a name with an umlaut is in the locale POSIX. */
  @Test
  void valueThatIsNoPath_isLeftToPicocli() {
    assertThat(RunCommand.plain("run", "--policy", "a", "--config", "b\0")).isNull();
  }

  private static RunCommand parsed(String... arguments) {
    RunCommand command = new RunCommand();
    String[] options = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, options, 0, options.length);
    new CommandLine(command).parseArgs(options);
    return command;
  }
}
