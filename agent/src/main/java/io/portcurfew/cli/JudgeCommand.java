package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code judge}: judges a capture of another host. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description = "Judges a capture: the output of a native tool on any host.",
    footer = {
      "",
      "Capture both protocols and all users, for example:",
      "  ss -n -t -u -l -p -e > capture; portcurfew judge --as ss capture",
      "",
      "Exit status: as for scan. Lines that cannot be parsed are gaps, which give 3 if there are no"
          + " findings."
    })
final class JudgeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "FORMAT",
      converter = ToFormat.class,
      completionCandidates = Formats.class,
      description = "The tool that printed the capture: ${COMPLETION-CANDIDATES}.")
  private Format format;

  @Parameters(
      paramLabel = "FILE",
      description = "The capture, or - for standard input; at most 16 MiB.")
  private String file;

  @Override
  public Integer call() {
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    Snapshot snapshot;
    try {
      snapshot = CaptureInput.read(file, format);
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("portcurfew: cannot read " + file + ": " + FileErrorText.reason(e));
      return Exit.USAGE;
    }
    Judgement judgement = Judge.judge(loaded.get().policy(), snapshot, List.of());
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.form().verdict(snapshot, judgement));
    out.flush();
    return Exit.of(judgement);
  }

  /** The labels for help and completion. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Format.values()).map(Format::label).iterator();
    }
  }

  /** Parses a label. */
  static final class ToFormat implements ITypeConverter<Format> {
    @Override
    public Format convert(String label) {
      return Arrays.stream(Format.values())
          .filter(format -> format.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + label + "' is not one of " + String.join(", ", new Formats())));
    }
  }
}
