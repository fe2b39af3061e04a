package io.portcurfew.cli;

import io.portcurfew.cli.json.ExplanationJson;
import io.portcurfew.cli.text.ExplanationText;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Snapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: what is known of a port, which rule decides it and who listens there now. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Tells what a port is registered for, what history says, which rule decides it, and what listens there now.")
final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "PORT[/tcp|/udp] | ENDPOINT",
      arity = "1..4",
      description =
          "A port, 1 to 65535, without a protocol both; or an endpoint as scan shows it: tcp 127.0.0.1:5432, udp [::1]:53 in web.")
  private List<String> words;

  @Override
  public Integer call() throws InterruptedException {
    PortQuery asked = PortQuery.parse(String.join(" ", words)).orElseThrow(this::wrongUsage);
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open()) {
      host.ask(loaded.get().policy().asksFor());
      Snapshot snapshot = host.lookWithAll(Clock.systemUTC().instant());
      Explanation explanation =
          Explanation.of(
              asked,
              loaded.get().policy(),
              snapshot,
              Catalogue.shipped(),
              ServiceNames.read(Path.of("/")),
              Platform.of(System.getProperty("os.name", "")));
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? ExplanationJson.render(explanation)
              : ExplanationText.render(explanation));
      out.flush();
      return Exit.COMPLIANT;
    }
  }

  private ParameterException wrongUsage() {
    return new ParameterException(
        spec.commandLine(),
        "Explain what? A port like 611 or 611/tcp, or an endpoint like tcp 127.0.0.1:5432 or udp"
            + " [::1]:53 in web; not: "
            + HostText.of(String.join(" ", words)));
  }
}
