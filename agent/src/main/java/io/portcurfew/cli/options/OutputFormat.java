package io.portcurfew.cli.options;

import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;

/** The form in which a command prints its result. */
public enum OutputFormat {
  table {
    @Override
    public String verdict(Snapshot snapshot, Judgement judgement) {
      return new VerdictTable(snapshot, judgement).render();
    }
  },
  json {
    @Override
    public String verdict(Snapshot snapshot, Judgement judgement) {
      return VerdictJson.render(snapshot, judgement);
    }
  };

  /** A snapshot and what the policy says of it, in this form. */
  public abstract String verdict(Snapshot snapshot, Judgement judgement);
}
