package io.portcurfew.cli.options;

import io.portcurfew.store.History;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.audit.VerificationResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The common options of commands that print the agent's data: files, output and time. */
public final class HistoryOptions {

  @Mixin private FileOptions files;
  @Mixin private OutputOption output;
  @Mixin private SinceOption since;

  /** Renders the history. */
  public interface HistoryView {
    String of(History history, Instant since) throws History.Unreadable;
  }

  /** Renders the verification of the audit log. */
  public interface VerificationView {
    String of(VerificationResult result);
  }

  /** Uses an open database and returns the exit status. */
  private interface HistoryUse {
    int of(History history, PrintWriter out) throws History.Unreadable;
  }

  /** Prints a view as text or JSON and returns the exit status. */
  public int print(CommandSpec spec, HistoryView table, HistoryView json) {
    HistoryView view = output.form() == OutputFormat.json ? json : table;
    return use(
        spec,
        (history, out) -> {
          out.print(view.of(history, since.before(Clock.systemUTC().instant())));
          return Exit.OK;
        });
  }

  /** Verifies the audit log, prints the result and returns the exit status. */
  public int verify(
      CommandSpec spec, @Nullable LogHead head, VerificationView table, VerificationView json) {
    VerificationView view = output.form() == OutputFormat.json ? json : table;
    return use(
        spec,
        (history, out) -> {
          VerificationResult result = verified(history, head, spec);
          out.print(view.of(result));
          return result.broken() == null ? Exit.OK : Exit.FINDINGS;
        });
  }

  private static VerificationResult verified(
      History history, @Nullable LogHead head, CommandSpec spec) throws History.Unreadable {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("verifying the audit log");
      return history.verify(head);
    }
  }

  private int use(CommandSpec spec, HistoryUse use) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Path> state = files.state(err);
    if (state.isEmpty()) {
      return Exit.CONFIG;
    }
    try (History history = History.in(state.get())) {
      PrintWriter out = spec.commandLine().getOut();
      int status = use.of(history, out);
      out.flush();
      return status;
    } catch (History.Unreadable e) {
      return DatabaseError.print(e, err);
    }
  }
}
