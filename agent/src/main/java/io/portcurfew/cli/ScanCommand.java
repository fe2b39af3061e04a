package io.portcurfew.cli;

import io.portcurfew.config.LoadedConfig;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code scan}: looks once with every source, judges, prints. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    description = "Looks once at every listener of this host and judges it.",
    footer = {
      "",
      "Exit status: 0 all as the policy expects and nothing hidden from us; 1 findings; 2 wrong usage;",
      "3 no findings, but the look was incomplete; 78 config or policy is wrong; 70 our own bug."
    })
final class ScanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open(loaded.get().config().sweep())) {
      LiveScan seen = LiveScan.on(host, loaded.get().policy(), Clock.systemUTC());
      Judgement judgement = Judge.judge(loaded.get().policy(), seen.snapshot(), seen.compared());
      return VerdictPrinter.print(
          seen.snapshot(), judgement, output.form(), spec.commandLine().getOut());
    }
  }
}
