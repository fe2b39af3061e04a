package io.portcurfew.cli;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.HistoryOptions;
import io.portcurfew.cli.options.TerminalWidth;
import io.portcurfew.cli.text.AlertTable;
import io.portcurfew.output.AlertsJson;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.store.History;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code alerts}: prints the firing, pending and recently resolved alerts. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the alerts of the agent: firing, pending and recently resolved ones.",
      "Run it as root or as the user of the agent. The agent need not be running."
    },
    footer = {"", "Exit status: 0 if the alerts are printed; " + Exit.NO_DATA + Exit.COMMON})
final class AlertsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private HistoryOptions options;

  @Override
  public Integer call() {
    return options.print(spec, this::table, AlertsCommand::json);
  }

  private static List<Alert> alerts(History history, Instant since) throws History.Unreadable {
    return history.alerts(since).stream().sorted(AlertsJson.ORDER).toList();
  }

  private String table(History history, Instant since) throws History.Unreadable {
    List<Alert> alerts = alerts(history, since);
    if (alerts.isEmpty()) {
      return "No alert is active, and none was resolved since " + VerdictJson.time(since) + ".\n";
    }
    return AlertTable.of(alerts, silences(history), TerminalWidth.of(spec));
  }

  /** The active silences, also if no agent runs. */
  private static Silences silences(History history) throws History.Unreadable {
    Instant now = Clock.systemUTC().instant();
    return Silences.at(now, history.silences(now));
  }

  static String json(History history, Instant since) throws History.Unreadable {
    return AlertsJson.render(alerts(history, since), silences(history));
  }
}
