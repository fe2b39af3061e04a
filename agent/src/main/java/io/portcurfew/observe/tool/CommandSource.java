package io.portcurfew.observe.tool;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.View;
import io.portcurfew.process.ProcessResult;
import io.portcurfew.process.ProcessRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A native tool as a source: finds it, checks its trust, runs it, and parses its output. */
final class CommandSource implements ListenerSource {

  private final String name;
  private final String file;
  private final Toolbox tools;
  private final ProcessRunner runner;
  private final List<CommandVariant> attempts;
  private final ToolAnswer answer;

  /**
   * @param file the name of the file to run
   * @param attempts the variants of the command, best first
   * @param answer evaluates the output
   */
  CommandSource(
      String name,
      String file,
      Toolbox tools,
      ProcessRunner runner,
      List<CommandVariant> attempts,
      ToolAnswer answer) {
    this.name = name;
    this.file = file;
    this.tools = tools;
    this.runner = runner;
    this.attempts = List.copyOf(attempts);
    this.answer = answer;
  }

  @Override
  public String name() {
    return name;
  }

  /** Returns the variants of the command, for tests. */
  List<CommandVariant> attempts() {
    return attempts;
  }

  @Override
  public View look() throws InterruptedException {
    Optional<Path> tool = tools.find(file);
    if (tool.isEmpty()) {
      return View.blind(name, tools.notFound(file), Gap.Cause.NOT_INSTALLED);
    }
    Optional<String> objection = tools.trust().objection(tool.get());
    return objection.isPresent()
        ? View.blind(name, HostText.of(objection.get(), 200).toString())
        : run(tool.get());
  }

  private View run(Path tool) throws InterruptedException {
    int last = attempts.size() - 1;
    for (CommandVariant attempt : attempts.subList(0, last)) {
      ProcessResult ran = runner.run(tool, attempt.arguments());
      if (!CommandVariant.isUnknownOption(ran)) {
        return answer.view(name, ran, attempt.parser());
      }
    }
    CommandVariant attempt = attempts.get(last);
    return answer.view(name, runner.run(tool, attempt.arguments()), attempt.parser());
  }
}
