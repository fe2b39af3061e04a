package io.portcurfew.cli.options;

import io.portcurfew.cli.text.TableView;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.output.VerdictJson;
import java.util.List;
import java.util.stream.Collectors;

/** The form in which a command prints its result. */
public enum OutputFormat {
  table {
    @Override
    public String verdict(Snapshot snapshot, Judgement judgement) {
      return new VerdictTable(snapshot, judgement, TableView.WHOLE).render();
    }

    @Override
    String several(List<JudgedSnapshot> hosts) {
      return hosts.stream()
          .map(host -> verdict(host.snapshot(), host.judgement()))
          .collect(Collectors.joining("\n"));
    }
  },
  json {
    @Override
    public String verdict(Snapshot snapshot, Judgement judgement) {
      return VerdictJson.render(snapshot, judgement);
    }

    @Override
    String several(List<JudgedSnapshot> hosts) {
      return VerdictJson.render(hosts);
    }
  };

  /** A snapshot and what the policy says of it, in this form. */
  public abstract String verdict(Snapshot snapshot, Judgement judgement);

  abstract String several(List<JudgedSnapshot> hosts);

  /** The verdicts of the hosts of a capture, in this form; a single host has no list around it. */
  public String verdicts(List<JudgedSnapshot> hosts) {
    return hosts.size() == 1
        ? verdict(hosts.get(0).snapshot(), hosts.get(0).judgement())
        : several(hosts);
  }
}
