package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.ScanFormat;
import io.portcurfew.cli.options.ScanOutputOption;
import io.portcurfew.cli.options.TableOptions;
import io.portcurfew.cli.text.TableView;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.metrics.TextfileMetrics;
import io.portcurfew.output.VerdictCsv;
import io.portcurfew.output.VerdictJson;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scan}: observes with every source, judges and prints the verdict. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    description = {
      "Observes every listener of this host once and judges it.",
      "The verdict and the exit status are those of the whole host, also if only some listeners are"
          + " printed."
    },
    footer = {
      "",
      "Exit status: 0 if the host is compliant and every listener was seen; 1 for findings; 2 for"
          + " wrong usage; 3 for no findings but an incomplete scan; "
          + Exit.COMMON
    })
final class ScanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private ScanOutputOption output;
  @Mixin private TableOptions table;

  @Option(
      names = "--watch",
      description =
          "Scans every 2 seconds until Ctrl-C and marks what changed since the last scan: + opened,"
              + " ~ other owner or verdict, - closed. It needs the output format table.")
  private boolean watch;

  @Option(
      names = {"-q", "--quiet"},
      description = "Prints nothing; only the exit status has the verdict.")
  private boolean quiet;

  @Override
  public Integer call() throws InterruptedException {
    if (watch && (quiet || output.form() != ScanFormat.table)) {
      throw new ParameterException(
          spec.commandLine(), "--watch prints tables: use it without --quiet and --output.");
    }
    Optional<LoadedConfig> loaded = files.loadForThisHost(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open(loaded.get().config().sweep())) {
      if (watch) {
        new ScanWatch(host, loaded.get().policy(), table.view(spec), out()).run();
      }
      JudgedSnapshot judged = scan(host, loaded.get());
      if (!quiet) {
        out().print(text(loaded.get(), judged));
        out().flush();
      }
      return Exit.of(judged.judgement());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private JudgedSnapshot scan(Host host, LoadedConfig loaded) throws InterruptedException {
    LiveScan scan = LiveScan.on(host, loaded.policy(), Clock.systemUTC(), spec);
    return new JudgedSnapshot(
        scan.snapshot(), Judge.judge(loaded.policy(), scan.snapshot(), scan.crossCheck()));
  }

  private String text(LoadedConfig loaded, JudgedSnapshot host) {
    TableView view = table.view(spec);
    return switch (output.form()) {
      case table ->
          new VerdictTable(host.snapshot(), host.judgement(), view).renderWithNextCommand();
      case json -> VerdictJson.render(host.snapshot(), host.judgement());
      case csv ->
          VerdictCsv.render(
              host,
              listener -> view.shows(listener, host.judgement()),
              socket -> view.shows(socket, host.judgement()));
      case prometheus ->
          TextfileMetrics.of(
              BuildVersion.OF_THIS_BUILD, host, loaded.policy(), loaded.policyDigest());
    };
  }
}
