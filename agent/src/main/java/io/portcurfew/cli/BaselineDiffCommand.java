package io.portcurfew.cli;

import io.portcurfew.baseline.Comparison;
import io.portcurfew.baseline.DriftReport;
import io.portcurfew.cli.json.DriftJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.text.DriftLine;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code baseline diff}: prints the differences from the baseline, one per line. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the differences between the current listeners and the policy's baseline:",
      "+ opened, - missing, ~ owner, executable or address changed. A listener that no rule"
          + " selects is +, also if the default allows it. Required endpoints and endpoints of"
          + " learned rules can be missing."
    },
    footer = {
      "",
      "Exit status: 0 if nothing differs; 1 for differences; 2 for wrong usage; 3 if nothing"
          + " differs but the scan was incomplete; "
          + Exit.COMMON
    })
final class BaselineDiffCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> read = files.load(spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Exit.CONFIG;
    }
    LoadedConfig loaded = read.get();
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      LiveScan scan = LiveScan.on(host, loaded.policy(), Clock.systemUTC());
      DriftReport differences =
          Comparison.drift(
              loaded.policy(), loaded.origin().learned(), scan.snapshot(), scan.crossCheck());
      print(differences, scan);
      return Exit.of(differences);
    }
  }

  private void print(DriftReport differences, LiveScan scan) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (output.form() == OutputFormat.json) {
      out.print(DriftJson.render(differences, scan.snapshot()));
    } else {
      differences.all().forEach(difference -> out.println(DriftLine.of(difference)));
      DriftLine.notSeen(differences, scan.snapshot()).forEach(err::println);
    }
    out.flush();
    err.flush();
  }
}
