package io.portcurfew.cli.options;

import io.portcurfew.cli.text.TableView;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.output.VerdictJson;
import java.util.List;
import java.util.stream.Collectors;

/** The form in which a command prints its result. */
public enum OutputFormat {
  table {
    @Override
    String verdict(JudgedSnapshot host, TableView view) {
      return new VerdictTable(host.snapshot(), host.judgement(), view).render();
    }

    @Override
    String several(List<JudgedSnapshot> hosts, TableView view) {
      return hosts.stream().map(host -> verdict(host, view)).collect(Collectors.joining("\n"));
    }
  },
  json {
    @Override
    String verdict(JudgedSnapshot host, TableView view) {
      return VerdictJson.render(host.snapshot(), host.judgement());
    }

    @Override
    String several(List<JudgedSnapshot> hosts, TableView view) {
      return VerdictJson.render(hosts);
    }
  };

  abstract String verdict(JudgedSnapshot host, TableView view);

  abstract String several(List<JudgedSnapshot> hosts, TableView view);

  /**
   * The verdicts of the hosts of a capture, in this form; a single host has no list around it.
   *
   * @param view the part that a table shows
   */
  public String verdicts(List<JudgedSnapshot> hosts, TableView view) {
    return hosts.size() == 1 ? verdict(hosts.get(0), view) : several(hosts, view);
  }
}
