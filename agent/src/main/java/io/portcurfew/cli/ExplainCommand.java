package io.portcurfew.cli;

import io.portcurfew.cli.json.ExplanationJson;
import io.portcurfew.cli.json.SocketExplanationJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.cli.options.TerminalWidth;
import io.portcurfew.cli.text.ExplanationText;
import io.portcurfew.cli.text.SocketExplanationText;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.explain.SocketExplanation;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: prints the registration, the deciding rule and the listeners of a port. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Prints the registration and the history of a port, the rule that decides it, and its"
            + " current listeners.",
    footer = {
      "",
      "Examples:",
      "  portcurfew explain 611",
      "  portcurfew explain ssh",
      "  portcurfew explain tcp 127.0.0.1:5432",
      "  portcurfew explain 'udp [::1]:53 in web'",
      "  portcurfew explain packet",
      "",
      "Exit status: 0 if the port is explained; 2 for wrong usage; " + Exit.COMMON
    })
final class ExplainCommand implements Callable<Integer> {

  private static final String EXAMPLES = "Try 611, 611/tcp, ssh or 'tcp 127.0.0.1:5432'.";

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "PORT[/tcp|/udp] | NAME | ENDPOINT | FAMILY",
      arity = "1..4",
      description =
          "A port from 1 to 65535, for both protocols or one; the name of a service, such as ssh;"
              + " an endpoint as shown by scan;"
              + " or a family of other sockets: packet, raw, vsock, xdp, tun, sctp, udplite, bpf, tc.")
  private List<String> words;

  @Override
  public Integer call() throws InterruptedException {
    Catalogue catalogue = Catalogue.shipped();
    ServiceNames services = ServiceNames.read(Path.of("/"));
    String asked = String.join(" ", words);
    Optional<SocketPlace.Family> family = SocketExplanation.named(asked);
    if (family.isPresent()) {
      return sockets(family.get());
    }
    PortQuery query =
        PortQuery.parse(asked)
            .or(() -> PortQuery.named(asked, catalogue, services))
            .orElseThrow(() -> wrongUsage(asked, names(catalogue, services)));
    Optional<LoadedConfig> loaded = files.loadForThisHost(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open()) {
      Snapshot snapshot = look(host, loaded.get());
      Explanation explanation =
          Explanation.of(
              query,
              loaded.get().policy(),
              snapshot,
              catalogue,
              services,
              Platform.of(System.getProperty("os.name", "")));
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? ExplanationJson.render(explanation)
              : ExplanationText.render(explanation, TerminalWidth.of(spec)));
      out.flush();
      return Exit.OK;
    }
  }

  private Snapshot look(Host host, LoadedConfig loaded) throws InterruptedException {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("observing with every source");
      host.ask(loaded.policy().asksFor());
      return host.lookWithAll(Clock.systemUTC().instant());
    }
  }

  private int sockets(SocketPlace.Family family) throws InterruptedException {
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open()) {
      Snapshot snapshot = look(host, loaded.get());
      SocketExplanation explanation = SocketExplanation.of(family, loaded.get().policy(), snapshot);
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? SocketExplanationJson.render(explanation)
              : SocketExplanationText.render(explanation, TerminalWidth.of(spec)));
      out.flush();
      return Exit.OK;
    }
  }

  private static List<String> names(Catalogue catalogue, ServiceNames services) {
    return Stream.concat(
            catalogue.names().stream(),
            services.entries().stream().map(entry -> entry.name().toString()))
        .toList();
  }

  private ParameterException wrongUsage(String asked, List<String> names) {
    String near =
        Suggestion.of(asked, names).map(one -> "Did you mean " + one + "?").orElse(EXAMPLES);
    return new ParameterException(
        spec.commandLine(),
        "Not a port, an endpoint or the name of a known service: "
            + HostText.of(asked)
            + ". "
            + near);
  }
}
