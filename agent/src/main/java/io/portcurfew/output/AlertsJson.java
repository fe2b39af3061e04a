package io.portcurfew.output;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of {@code alerts}, schema 1. */
public final class AlertsJson {

  /** Firing alerts, then pending, then resolved ones; the worst and latest first. */
  public static final Comparator<Alert> ORDER =
      Comparator.comparing(AlertsJson::rank)
          .thenComparing(alert -> alert.finding().severity(), Comparator.reverseOrder())
          .thenComparing(Alert::startsAt, Comparator.reverseOrder())
          .thenComparing(Alert::key);

  private AlertsJson() {}

  private static int rank(Alert alert) {
    return alert.state() == AlertState.FIRING ? 0 : alert.state() == AlertState.PENDING ? 1 : 2;
  }

  /**
   * Renders the alerts.
   *
   * @param alerts in the order of the output
   */
  public static String render(List<Alert> alerts, Silences silences) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("alerts", alerts.stream().map(one -> tree(one, silences)).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> tree(Alert alert, Silences silences) {
    Map<String, Object> tree = tree(alert);
    List<Silence> about = alert.endsAt() == null ? silences.matching(alert.finding()) : List.of();
    tree.put("silenced_by", about.stream().map(Silence::id).toList());
    return tree;
  }

  /** One alert without its silences. */
  public static Map<String, Object> tree(Alert alert) {
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
    SocketPlace socket = alert.finding().socket();
    putKnown(tree, "socket", socket == null ? null : SocketPlaceJson.tree(socket));
    putKnown(tree, "namespace", alert.finding().namespace());
    UnknownOwner cause = alert.finding().cause();
    putKnown(tree, "cause", cause == null ? null : cause.label());
    tree.put("starts_at", Json.time(alert.startsAt()));
    tree.put("ends_at", endsAt == null ? null : Json.time(endsAt));
    tree.put("message", alert.finding().message());
    tree.put("owners", alert.finding().owners().stream().map(OwnerJson::tree).toList());
    BriefOpening brief = alert.finding().brief();
    putKnown(tree, "brief", brief == null ? null : tree(brief));
    return tree;
  }

  private static Map<String, Object> tree(BriefOpening brief) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", brief.source());
    tree.put("open_seconds", brief.openFor().toNanos() / 1e9);
    tree.put("exact", brief.exact());
    tree.put("count", brief.count());
    tree.put("first", Json.time(brief.first()));
    tree.put("last", Json.time(brief.last()));
    return tree;
  }
}
