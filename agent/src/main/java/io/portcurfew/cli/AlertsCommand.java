package io.portcurfew.cli;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.json.VerdictJson;
import io.portcurfew.cli.text.TextColumns;
import io.portcurfew.json.Json;
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

/** {@code alerts}: what fires, what is pending, and what was over lately. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the alerts of the agent: firing, pending, and resolved since a while.",
      "Run it as root or as the user of the agent, which may be running or not."
    },
    footer = {
      "",
      "Exit status: 0 they are shown, also where there are some; 75 no agent has run here, or this",
      "user may not read what it knows; 78 config or policy is wrong; 70 our own bug."
    })
final class AlertsCommand implements Callable<Integer> {

  private static final Comparator<Alert> ORDER =
      Comparator.comparing(AlertsCommand::rank)
          .thenComparing(alert -> alert.finding().severity(), Comparator.reverseOrder())
          .thenComparing(Alert::startsAt, Comparator.reverseOrder())
          .thenComparing(Alert::key);

  private static final List<String> HEAD =
      List.of("STATE", "SEVERITY", "KIND", "RULE", "SINCE", "UNTIL", "WHAT");

  @Spec private CommandSpec spec;
  @Mixin private HistoryOptions past;

  @Override
  public Integer call() {
    return past.print(spec, AlertsCommand::table, AlertsCommand::json);
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
      return "No alert fires, and none has since " + VerdictJson.time(since) + ".\n";
    }
    TextColumns columns = new TextColumns(HEAD);
    Silences silences = silences(history);
    alerts.forEach(alert -> columns.row(row(alert, silences)));
    return String.join("\n", columns.lines()) + "\n";
  }

  /** Those that hold as it is shown, also where no agent runs that heeds them. */
  private static Silences silences(History history) throws History.Unreadable {
    Instant now = Clock.systemUTC().instant();
    return Silences.at(now, history.silences(now));
  }

  private static List<String> row(Alert alert, Silences silences) {
    Instant endsAt = alert.endsAt();
    boolean silenced = endsAt == null && !silences.about(alert.finding()).isEmpty();
    return List.of(
        alert.state().label()
            + (alert.course().flapping() ? ", flapping" : "")
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
    List<Silence> about = alert.endsAt() == null ? silences.about(alert.finding()) : List.of();
    tree.put("silenced_by", about.stream().map(Silence::id).toList());
    return tree;
  }

  static Map<String, Object> tree(Alert alert) {
    Instant endsAt = alert.endsAt();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", alert.id());
    tree.put("state", alert.state().label());
    tree.put("flapping", alert.course().flapping());
    tree.put("rule", alert.finding().rule());
    tree.put("kind", alert.finding().kind().label());
    tree.put("severity", alert.finding().severity().label());
    if (alert.finding().endpoint() != null) {
      tree.put("endpoint", VerdictJson.endpoint(alert.finding().endpoint()));
    }
    putKnown(tree, "namespace", alert.finding().namespace());
    tree.put("starts_at", VerdictJson.time(alert.startsAt()));
    tree.put("ends_at", endsAt == null ? null : VerdictJson.time(endsAt));
    tree.put("message", alert.finding().message());
    tree.put("owners", alert.finding().owners().stream().map(VerdictJson::owner).toList());
    return tree;
  }
}
