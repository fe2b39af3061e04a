package io.portcurfew.cli;

import io.portcurfew.observe.HostText;
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

/** {@code reload}: asks the running agent to read its files again, and prints what it says. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the running agent to read its files again, and prints what came of it.",
      "Run it as root or as the user that the agent runs as."
    },
    footer = {
      "",
      "Exit status: 0 they are in force; 75 no agent runs here, or it does not answer;",
      "78 config or policy is wrong, and what was in force before stays; 70 our own bug."
    })
final class ReloadCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
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
      String hindrance = hindrance(StateFolderStatus.at(state));
      if (hindrance == null) {
        return ask(new ReloadRequests(state));
      }
      err.println("portcurfew: " + hindrance + " the state folder " + state);
      return Exit.NOT_NOW;
    } catch (IOException e) {
      err.println("portcurfew: the agent of " + state + " cannot be asked: " + e);
      return Exit.NOT_NOW;
    }
  }

  private static @Nullable String hindrance(StateFolderStatus look) {
    if (look.exists() && !look.writable()) {
      return "only root and the user of the agent can ask it, who can write";
    }
    // Also where the config has just changed it, which takes a restart.
    return look.heldBy() == null ? "no agent runs with" : null;
  }

  private int ask(ReloadRequests box) throws IOException, InterruptedException {
    String request = box.ask();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<ReloadRequests.Answer> answer = box.answered(request);
      if (answer.isPresent()) {
        return print(answer.get());
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println("portcurfew: the agent did not answer within " + PATIENCE.toSeconds() + " s");
    return Exit.NOT_NOW;
  }

  /** The agent may be of another user than root, who reads this on a terminal. */
  private int print(ReloadRequests.Answer answer) {
    CommandLine line = spec.commandLine();
    PrintWriter to = answer.good() ? line.getOut() : line.getErr();
    answer.lines().forEach(said -> to.println(HostText.of(said)));
    to.flush();
    return answer.good() ? Exit.COMPLIANT : Exit.CONFIG;
  }
}
