package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.WebConfigOption;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.daemon.Agent;
import io.portcurfew.systemd.ServiceManager;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: runs the daemon. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the agent in the foreground until SIGTERM or SIGINT.",
      "It scans, sends notifications and exports metrics. It reloads changed files within seconds,"
          + " and on SIGHUP."
    },
    footer = {
      "",
      "Exit status: 0 after SIGTERM or SIGINT; 75 if the agent cannot start now; 78 if the config or"
          + " the policy is wrong, or another user can write the state folder; 70 for an internal"
          + " error."
    })
final class RunCommand implements Callable<Integer> {

  private static final Set<String> OPTIONS =
      Set.of(FileOptions.CONFIG, FileOptions.POLICY, WebConfigOption.NAME);

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private WebConfigOption web;

  /** Picocli sets the options. */
  RunCommand() {}

  private RunCommand(FileOptions files, WebConfigOption web) {
    this.files = files;
    this.web = web;
  }

  /**
   * Reads arguments in the form that the service has: {@code run} and options with plain values.
   * Picocli would take a seventh of the start to read them. It reads all others, with the same
   * result, a message or the help.
   *
   * @return {@code null} for other arguments
   */
  static @Nullable RunCommand plain(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      return null;
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < arguments.length; i++) {
      int end = arguments[i].indexOf('=');
      String name = end < 0 ? arguments[i] : arguments[i].substring(0, end);
      if (end < 0) {
        i++;
      }
      String value = i < arguments.length ? arguments[i].substring(end + 1) : "";
      if (!OPTIONS.contains(name) || !isPlain(value) || values.containsKey(name)) {
        return null;
      }
      values.put(name, value);
    }
    try {
      return new RunCommand(
          new FileOptions(path(values, FileOptions.CONFIG), path(values, FileOptions.POLICY)),
          new WebConfigOption(path(values, WebConfigOption.NAME)));
    } catch (InvalidPathException noPath) {
      return null;
    }
  }

  private static @Nullable Path path(Map<String, String> values, String name) {
    String value = values.get(name);
    return value == null ? null : Path.of(value);
  }

  /** Picocli takes a value that begins with a dash as an option, and one with @ as a file. */
  private static boolean isPlain(String value) {
    return !value.isEmpty() && value.charAt(0) != '-' && value.charAt(0) != '@';
  }

  @Override
  public Integer call() throws InterruptedException {
    return run(spec.commandLine().getErr());
  }

  /** Runs the agent until a signal, prints why it cannot start, and returns the exit status. */
  int run(PrintWriter err) throws InterruptedException {
    LoadAttempt first = web.attempt(files);
    Optional<LoadedConfig> loaded = FileOptions.good(first, err);
    if (loaded.isEmpty()) {
      ServiceManager.of(System.getenv()).status("not started: " + problems(first.read()));
      return Exit.CONFIG;
    }
    try {
      Agent agent = Agent.start(loaded.get(), first.stamps(), () -> web.attempt(files));
      if (files.withoutConfig()) {
        agent.logDefaults();
      }
      agent.runUntilSignal();
      return Exit.OK;
    } catch (Agent.CannotStart e) {
      err.println("portcurfew: " + e.getMessage());
      ServiceManager.of(System.getenv()).status("not started: " + e.getMessage());
      return e.needsAdmin() ? Exit.CONFIG : Exit.NOT_NOW;
    }
  }

  private static String problems(ReadResult<?> read) {
    return read instanceof ReadResult.Bad<?> bad
        ? bad.problems().stream().map(Problem::toString).collect(Collectors.joining(" | "))
        : "";
  }
}
