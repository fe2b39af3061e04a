package io.portcurfew.cli;

import io.portcurfew.Host;
import io.portcurfew.ThisHost;
import io.portcurfew.config.Loaded;
import io.portcurfew.judge.Catalogue;
import io.portcurfew.judge.Explanation;
import io.portcurfew.judge.Platform;
import io.portcurfew.judge.Services;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code explain}: what is known of a port, which rule decides it and who listens there now. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Tells what a port is registered for, what history says, which rule decides it, and what listens there now.")
final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Parameters(
      paramLabel = "PORT[/tcp|/udp]",
      converter = ToAsked.class,
      description = "The port, 1 to 65535, and the protocol; without it both.")
  private Asked asked;

  /** What the argument names. */
  record Asked(int port, Set<Protocol> protocols) {}

  @Override
  public Integer call() throws InterruptedException {
    Optional<Loaded> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = ThisHost.open()) {
      host.ask(loaded.get().policy().asksFor());
      Snapshot snapshot = host.lookWithAll(Clock.systemUTC().instant());
      Explanation explanation =
          Explanation.of(
              asked.port(),
              asked.protocols(),
              loaded.get().policy(),
              snapshot,
              Catalogue.shipped(),
              Services.read(Path.of("/")),
              Platform.of(System.getProperty("os.name", "")));
      spec.commandLine().getOut().print(ExplanationText.render(explanation));
      spec.commandLine().getOut().flush();
      return Exit.COMPLIANT;
    }
  }

  /** Takes {@code 611}, {@code 611/tcp} and {@code 611/udp}. */
  static final class ToAsked implements ITypeConverter<Asked> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})(?:/(tcp|udp))?");

    @Override
    public Asked convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches() || Integer.parseInt(form.group(1)) > 65535) {
        throw new TypeConversionException("expected 1 to 65535, then /tcp, /udp or nothing");
      }
      int port = Integer.parseInt(form.group(1));
      if (form.group(2) == null) {
        return new Asked(port, EnumSet.allOf(Protocol.class));
      }
      return new Asked(port, Set.of(form.group(2).equals("tcp") ? Protocol.TCP : Protocol.UDP));
    }
  }
}
