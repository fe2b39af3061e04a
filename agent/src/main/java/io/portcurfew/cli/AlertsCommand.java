package io.portcurfew.cli;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.HistoryOptions;
import io.portcurfew.cli.text.TextColumns;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.store.History;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final Comparator<Alert> ORDER =
      Comparator.comparing(AlertsCommand::rank)
          .thenComparing(alert -> alert.finding().severity(), Comparator.reverseOrder())
          .thenComparing(Alert::startsAt, Comparator.reverseOrder())
          .thenComparing(Alert::key);

  private static final List<String> HEAD =
      List.of("STATE", "SEVERITY", "KIND", "RULE", "SINCE", "UNTIL", "WHAT");

  @Spec private CommandSpec spec;
  @Mixin private HistoryOptions options;

  @Override
  public Integer call() {
    return options.print(spec, AlertsCommand::table, AlertsCommand::json);
  }

  private static int rank(Alert alert) {
    return alert.state() == AlertState.FIRING ? 0 : alert.state() == AlertState.PENDING ? 1 : 2;
  }

  private static List<Alert> alerts(History history, Instant since) throws History.Unreadable {
    return history.alerts(since).stream().sorted(ORDER).toList();
  }

  static String table(History history, Instant since) throws History.Unreadable {
    List<Alert> alerts = alerts(history, since);
    if (alerts.isEmpty()) {
      return "No alert is active, and none was resolved since " + VerdictJson.time(since) + ".\n";
    }
    TextColumns columns = new TextColumns(HEAD);
    Silences silences = silences(history);
    alerts.forEach(alert -> columns.row(row(alert, silences)));
    return String.join("\n", columns.lines()) + "\n";
  }

  /** The active silences, also if no agent runs. */
  private static Silences silences(History history) throws History.Unreadable {
    Instant now = Clock.systemUTC().instant();
    return Silences.at(now, history.silences(now));
  }

  private static List<String> row(Alert alert, Silences silences) {
    Instant endsAt = alert.endsAt();
    boolean silenced = endsAt == null && !silences.matching(alert.finding()).isEmpty();
    return List.of(
        alert.state().label()
            + (alert.notificationState().flapping() ? ", flapping" : "")
            + (silenced ? ", silenced" : ""),
        alert.finding().severity().label(),
        alert.finding().kind().label(),
        alert.finding().rule(),
        VerdictJson.time(alert.startsAt()),
        endsAt == null ? "-" : VerdictJson.time(endsAt),
        alert.finding().message().replaceAll("\\R", " "));
  }

  static String json(History history, Instant since) throws History.Unreadable {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    Silences silences = silences(history);
    root.put("alerts", alerts(history, since).stream().map(one -> tree(one, silences)).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> tree(Alert alert, Silences silences) {
    Map<String, Object> tree = tree(alert);
    List<Silence> about = alert.endsAt() == null ? silences.matching(alert.finding()) : List.of();
    tree.put("silenced_by", about.stream().map(Silence::id).toList());
    return tree;
  }

  static Map<String, Object> tree(Alert alert) {
    Instant endsAt = alert.endsAt();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", alert.id());
    tree.put("state", alert.state().label());
    tree.put("flapping", alert.notificationState().flapping());
    tree.put("rule", alert.finding().rule());
    tree.put("kind", alert.finding().kind().label());
    tree.put("severity", alert.finding().severity().label());
    if (alert.finding().endpoint() != null) {
      tree.put("endpoint", EndpointJson.tree(alert.finding().endpoint()));
    }
    putKnown(tree, "namespace", alert.finding().namespace());
    UnknownOwner cause = alert.finding().cause();
    putKnown(tree, "cause", cause == null ? null : cause.label());
    tree.put("starts_at", VerdictJson.time(alert.startsAt()));
    tree.put("ends_at", endsAt == null ? null : VerdictJson.time(endsAt));
    tree.put("message", alert.finding().message());
    tree.put("owners", alert.finding().owners().stream().map(OwnerJson::tree).toList());
    return tree;
  }
}
