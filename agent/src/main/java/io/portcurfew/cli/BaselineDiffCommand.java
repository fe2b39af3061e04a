package io.portcurfew.cli;

import io.portcurfew.baseline.BaselineMerge;
import io.portcurfew.baseline.Comparison;
import io.portcurfew.baseline.DriftReport;
import io.portcurfew.baseline.HostListeners;
import io.portcurfew.cli.json.DriftJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.text.DriftLine;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code baseline diff}: prints the differences from the baseline, one per line. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the differences between the current listeners and the policy's baseline.",
      "+ opened, - missing, ~ owner, executable or address changed. A listener that no rule"
          + " selects is +, also if the default allows it. Required endpoints and endpoints of"
          + " learned rules can be missing. Sockets of other families follow the listeners."
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

  @Option(
      names = "--against",
      paramLabel = "HOST.json",
      description =
          "Compares with the listeners of another host, the JSON of its portcurfew scan, instead of"
              + " the policy's baseline.")
  private @Nullable Path against;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> read = files.loadForThisHost(spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Exit.CONFIG;
    }
    LoadedConfig loaded = read.get();
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      LiveScan scan = LiveScan.on(host, loaded.policy(), Clock.systemUTC(), spec);
      List<Rule> expected = against == null ? loaded.origin().learned() : rules(against);
      Policy policy = against == null ? loaded.policy() : new Policy(false, expected);
      DriftReport differences =
          Comparison.drift(policy, expected, scan.snapshot(), scan.crossCheck());
      print(differences, scan);
      return Exit.of(differences);
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("portcurfew: " + e.getMessage());
      err.flush();
      return Exit.USAGE;
    }
  }

  private static List<Rule> rules(Path file) throws IOException {
    List<HostListeners> hosts = BaselineMergeCommand.read(List.of(file));
    return BaselineMerge.rules(hosts, Map.of(), Policy.day(Clock.systemUTC().instant()));
  }

  private void print(DriftReport differences, LiveScan scan) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (output.form() == OutputFormat.json) {
      out.print(DriftJson.render(differences, scan.snapshot()));
    } else {
      differences.all().forEach(difference -> out.println(DriftLine.of(difference)));
      differences.sockets().forEach(difference -> out.println(DriftLine.of(difference)));
      DriftLine.notSeen(differences, scan.snapshot()).forEach(err::println);
    }
    out.flush();
    err.flush();
  }
}
