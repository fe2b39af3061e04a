package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.options.TableOptions;
import io.portcurfew.cli.text.TableView;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.command.Format;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "A file may contain several hosts: the output of ansible or ansible-playbook, pssh, clush,"
          + " dshbak, salt or pdsh, a name before each line as docker compose prints it, or sections"
          + " with a title such as == host ==. Each host has its own verdict; the exit status is the"
          + " worst.",
      "",
      "Exit status: 0 if each host complies and its capture shows every listener; 1 for findings; 2"
          + " for wrong usage or a file that cannot be read; 3 for no findings but lines that cannot"
          + " be parsed or listeners that the capture does not show; "
          + Exit.COMMON
    })
final class JudgeCommand implements Callable<Integer> {

  private static final String AUTO = "auto";

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;
  @Mixin private TableOptions table;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      completionCandidates = FormatLabels.class,
      description =
          "The tool that printed the capture: ${COMPLETION-CANDIDATES}. With auto, the format is"
              + " recognised and printed to standard error.")
  private CaptureFormat as;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description =
          "With nmap-xml: a capture from the scanned host, or live for this host. A port that"
              + " answers but is not in it is hidden.")
  private @Nullable String against;

  @Parameters(
      paramLabel = "FILE",
      description = "The capture, or - for standard input; at most 16 MiB.")
  private String file;

  @Override
  public Integer call() throws InterruptedException {
    TableView view = table.view(spec);
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    CaptureInput capture;
    List<JudgedSnapshot> verdicts;
    try {
      capture = CaptureInput.read(file);
      Format requested = as.format();
      Format printed = requested == null ? recognise(capture, file) : requested;
      List<Snapshot> hosts = capture.hosts(printed);
      if (against == null) {
        verdicts = hosts.stream().map(host -> verdict(loaded.get(), host, List.of())).toList();
      } else {
        verdicts = List.of(compare(loaded.get(), printed, hosts, against));
      }
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("portcurfew: cannot read " + file + ": " + FileErrorText.reason(e));
      return Exit.USAGE;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.form().verdicts(verdicts, view));
    out.flush();
    return Exit.worst(verdicts);
  }

  private static JudgedSnapshot verdict(
      LoadedConfig loaded, Snapshot host, List<Disagreement> hidden) {
    return new JudgedSnapshot(host, Judge.judge(loaded.policy(), host, hidden));
  }

  private Format recognise(CaptureInput capture, String name) {
    Format found =
        capture
            .format()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "cannot recognise the format of " + name + ": use --as FORMAT"));
    spec.commandLine().getErr().println("portcurfew: " + name + " is read as " + found.label());
    spec.commandLine().getErr().flush();
    return found;
  }

  private JudgedSnapshot compare(
      LoadedConfig loaded, Format printed, List<Snapshot> outside, String insideFile)
      throws IOException, InterruptedException {
    if (printed != Format.NMAP_XML || outside.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "--against needs a capture of one host with --as nmap-xml");
    }
    Snapshot inside = insideFile.equals("live") ? live(loaded) : inside(insideFile);
    return OutsideComparison.judge(loaded.policy(), outside.get(0), inside);
  }

  private Snapshot inside(String insideFile) throws IOException {
    CaptureInput capture = CaptureInput.read(insideFile);
    List<Snapshot> hosts = capture.hosts(recognise(capture, insideFile));
    if (hosts.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          insideFile + " has " + hosts.size() + " hosts: it must contain only the scanned host");
    }
    return hosts.get(0);
  }

  private Snapshot live(LoadedConfig loaded) throws InterruptedException {
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      return LiveScan.on(host, loaded.policy(), Clock.systemUTC(), spec).snapshot();
    }
  }

  /** A format; {@code null} for recognition by content. */
  record CaptureFormat(@Nullable Format format) {}

  /** The labels for help and completion. */
  static final class FormatLabels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      Stream<String> formats = Arrays.stream(Format.values()).map(Format::label);
      return Stream.concat(formats, Stream.of(AUTO)).iterator();
    }
  }

  /** Parses a label. */
  static final class FormatConverter implements ITypeConverter<CaptureFormat> {
    @Override
    public CaptureFormat convert(String label) {
      if (label.equals(AUTO)) {
        return new CaptureFormat(null);
      }
      return new CaptureFormat(
          Arrays.stream(Format.values())
              .filter(format -> format.label().equals(label))
              .findFirst()
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          "'"
                              + label
                              + "' is not one of "
                              + String.join(", ", new FormatLabels()))));
    }
  }
}
