package io.portcurfew.cli;

import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import java.io.PrintWriter;

/** Prints what was seen and what the policy says of it. */
final class Verdicts {

  private Verdicts() {}

  /**
   * Prints in the form asked for.
   *
   * @return the exit status
   */
  static int print(Snapshot snapshot, Judgement judgement, Output output, PrintWriter out) {
    out.print(
        output == Output.json
            ? VerdictJson.render(snapshot, judgement)
            : new VerdictTable(snapshot, judgement).render());
    out.flush();
    return Exit.of(judgement);
  }
}
