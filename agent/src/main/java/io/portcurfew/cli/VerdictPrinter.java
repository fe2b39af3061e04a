package io.portcurfew.cli;

import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import java.io.PrintWriter;

/** Prints a snapshot and its judgement. */
final class VerdictPrinter {

  private VerdictPrinter() {}

  /**
   * Prints in the given format.
   *
   * @return the exit status
   */
  static int print(Snapshot snapshot, Judgement judgement, OutputFormat output, PrintWriter out) {
    out.print(
        output == OutputFormat.json
            ? VerdictJson.render(snapshot, judgement)
            : new VerdictTable(snapshot, judgement).render());
    out.flush();
    return Exit.of(judgement);
  }
}
