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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: runs the daemon. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the agent in the foreground: scans, sends notifications and exports metrics until",
      "SIGTERM or SIGINT. It reloads changed files within seconds, and on SIGHUP."
    },
    footer = {
      "",
      "Exit status: 0 after SIGTERM or SIGINT; 75 if the agent cannot start now; 78 if the config or"
          + " the policy is wrong, or another user can write the state folder; 70 for an internal"
          + " error."
    })
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private WebConfigOption web;

  @Override
  public Integer call() throws InterruptedException {
    LoadAttempt first = web.attempt(files);
    Optional<LoadedConfig> loaded = FileOptions.good(first, spec.commandLine().getErr());
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
      spec.commandLine().getErr().println("portcurfew: " + e.getMessage());
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
