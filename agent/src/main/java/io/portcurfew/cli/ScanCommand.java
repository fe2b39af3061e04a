package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.ScanOutputOption;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.metrics.TextfileMetrics;
import io.portcurfew.observe.Snapshot;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code scan}: observes once with every source, judges and prints the verdict. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    description = "Observes every listener of this host once and judges it.",
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

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open(loaded.get().config().sweep())) {
      LiveScan scan = LiveScan.on(host, loaded.get().policy(), Clock.systemUTC());
      Judgement judgement = Judge.judge(loaded.get().policy(), scan.snapshot(), scan.crossCheck());
      PrintWriter out = spec.commandLine().getOut();
      out.print(text(loaded.get(), scan.snapshot(), judgement));
      out.flush();
      return Exit.of(judgement);
    }
  }

  private String text(LoadedConfig loaded, Snapshot snapshot, Judgement judgement) {
    return switch (output.form()) {
      case table -> OutputFormat.table.verdict(snapshot, judgement);
      case json -> OutputFormat.json.verdict(snapshot, judgement);
      case prometheus ->
          TextfileMetrics.of(
              BuildVersion.OF_THIS_BUILD,
              new JudgedSnapshot(snapshot, judgement),
              loaded.policy(),
              loaded.policyDigest());
    };
  }
}
