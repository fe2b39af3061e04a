package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.observe.HostText;
import io.portcurfew.process.Ticker;
import io.portcurfew.state.ReloadRequests;
import io.portcurfew.state.StateFolderStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code reload}: makes the running agent reload its files and prints the result. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the running agent reload its config and policy, and prints the result.",
      "Run it as root or as the user of the agent."
    },
    footer = {
      "",
      "Exit status: 0 if the files are active; 75 if no agent runs here or it does not answer; 78"
          + " if the config or the policy is wrong and the previous files stay active; 70 for an"
          + " internal error."
    })
final class ReloadCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 100;

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Path> state = files.state(err);
    return state.isEmpty() ? Exit.CONFIG : ask(state.get(), err);
  }

  private int ask(Path state, PrintWriter err) throws InterruptedException {
    try {
      String obstacle = obstacle(StateFolderStatus.at(state));
      if (obstacle == null) {
        return ask(new ReloadRequests(state));
      }
      err.println("portcurfew: " + obstacle + " the state folder " + state);
      return Exit.NOT_NOW;
    } catch (IOException e) {
      err.println(
          "portcurfew: cannot use the state folder " + state + ": " + FileErrorText.reason(e));
      return Exit.NOT_NOW;
    }
  }

  private static @Nullable String obstacle(StateFolderStatus folder) {
    if (folder.exists() && !folder.writable()) {
      return "only root and the user of the agent can reload it; this user cannot write to";
    }
    // Also if the config has just changed the state folder, which requires a restart.
    return folder.heldBy() == null ? "no agent runs with" : null;
  }

  private int ask(ReloadRequests requests) throws IOException, InterruptedException {
    Optional<ReloadRequests.Answer> answer = answer(requests);
    if (answer.isPresent()) {
      return print(answer.get());
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println("portcurfew: the agent did not answer within " + TIMEOUT.toSeconds() + " s");
    return Exit.NOT_NOW;
  }

  private Optional<ReloadRequests.Answer> answer(ReloadRequests requests)
      throws IOException, InterruptedException {
    String request = requests.ask();
    Duration start = Ticker.SYSTEM.elapsed();
    Optional<ReloadRequests.Answer> answer = Optional.empty();
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("waiting for the agent");
      while (answer.isEmpty() && Ticker.SYSTEM.since(start).compareTo(TIMEOUT) < 0) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        answer = requests.answered(request);
      }
    }
    return answer;
  }

  /** The agent may run as another user, so its answer is made safe for root's terminal. */
  private int print(ReloadRequests.Answer answer) {
    CommandLine command = spec.commandLine();
    PrintWriter to = answer.good() ? command.getOut() : command.getErr();
    answer.lines().forEach(line -> to.println(HostText.of(line)));
    to.flush();
    return answer.good() ? Exit.OK : Exit.CONFIG;
  }
}
