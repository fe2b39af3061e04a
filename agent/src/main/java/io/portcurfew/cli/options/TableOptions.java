package io.portcurfew.cli.options;

import io.portcurfew.cli.text.TableView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that select listeners and columns of a table. */
public final class TableOptions {

  private static final int LAST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      split = ",",
      description = "Prints only the listeners of this port; several are separated by commas.")
  private @Nullable List<Integer> ports;

  @Option(
      names = "--owner",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Prints only listeners whose owner, unit or container contains this text.")
  private String owner;

  @Option(names = "--finding", description = "Prints only listeners with a finding.")
  private boolean findings;

  @Option(
      names = "--wide",
      description = "Also prints the parents of owners and the sources that saw each listener.")
  private boolean wide;

  @Option(
      names = "--all",
      description =
          "Prints each listener on a line of its own. On a terminal, listeners of one program are"
              + " one line otherwise.")
  private boolean all;

  /** The view that the user chose; its width is that of the terminal. */
  public TableView view(CommandSpec spec) {
    Set<Integer> wanted = ports == null ? Set.of() : Set.copyOf(ports);
    for (int port : wanted) {
      if (port < 1 || port > LAST_PORT) {
        throw new ParameterException(
            spec.commandLine(), "--port: expected 1 to 65535, not " + port + ".");
      }
    }
    int width = TerminalWidth.of(spec);
    return new TableView(width, wide, all || width == 0, wanted, owner, findings, Map.of());
  }
}
