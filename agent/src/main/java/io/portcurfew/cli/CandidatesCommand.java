package io.portcurfew.cli;

import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.store.History;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code complete}: prints names of this host, one on each line, for the completion of the shell.
 * It prints nothing where the files or the database cannot be read.
 */
@Command(name = "complete", hidden = true, description = "Prints names for the shell's completion.")
final class CandidatesCommand implements Runnable {

  /** The kinds of names. */
  enum CandidateKind {
    rules,
    receivers,
    silences
  }

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
  private CandidateKind kind;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    names().forEach(out::println);
    out.flush();
  }

  private List<String> names() {
    return switch (kind) {
      case rules -> loaded().map(CandidatesCommand::rules).orElse(List.of());
      case receivers -> loaded().map(CandidatesCommand::receivers).orElse(List.of());
      case silences -> silences().stream().map(Silence::id).toList();
    };
  }

  private static List<String> rules(LoadedConfig loaded) {
    Stream<String> names = loaded.policy().rules().stream().map(Rule::name);
    return Stream.concat(names, Stream.of(Policy.DEFAULT)).toList();
  }

  private static List<String> receivers(LoadedConfig loaded) {
    return loaded.config().receivers().stream().map(Receiver::name).toList();
  }

  private Optional<LoadedConfig> loaded() {
    return files.attempt().read() instanceof ReadResult.Good<LoadedConfig> good
        ? Optional.of(good.value())
        : Optional.empty();
  }

  private List<Silence> silences() {
    Optional<Path> state = files.state(new PrintWriter(Writer.nullWriter()));
    if (state.isEmpty()) {
      return List.of();
    }
    Instant now = Clock.systemUTC().instant();
    try (History history = History.in(state.get())) {
      return Silences.at(now, history.silences(now)).active();
    } catch (History.Unreadable none) {
      return List.of();
    }
  }
}
