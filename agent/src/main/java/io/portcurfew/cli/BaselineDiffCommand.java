package io.portcurfew.cli;

import io.portcurfew.baseline.DriftReport;
import io.portcurfew.cli.json.DriftJson;
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

/** {@code baseline diff}: what differs now from the policy's baseline, one line each. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what differs now from the policy's baseline: + opened, - missing,",
      "~ owner, binary or address changed. What no rule names is +, whatever the default says;",
      "- are required endpoints, and those of rules that were learnt."
    },
    footer = {
      "",
      "Exit status: 0 no difference; 1 differences; 2 wrong usage; 3 no difference, but the look",
      "was incomplete; 78 config or policy is wrong; 70 our own bug."
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
      LiveScan seen = LiveScan.on(host, loaded.policy(), Clock.systemUTC());
      DriftReport differences =
          DriftReport.of(
              loaded.policy(), loaded.origin().learned(), seen.snapshot(), seen.compared());
      print(differences, seen);
      return Exit.of(differences);
    }
  }

  private void print(DriftReport differences, LiveScan seen) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (output.form() == OutputFormat.json) {
      out.print(DriftJson.render(differences, seen.snapshot()));
    } else {
      differences.all().forEach(difference -> out.println(DriftLine.of(difference)));
      DriftLine.notSeen(differences, seen.snapshot()).forEach(err::println);
    }
    out.flush();
    err.flush();
  }
}
