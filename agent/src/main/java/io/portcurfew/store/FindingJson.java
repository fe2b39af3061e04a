package io.portcurfew.store;

import static io.portcurfew.json.Json.putKnown;
import static io.portcurfew.store.StoredAlertJson.putUnlessEmpty;

import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.JsonTree;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A finding to JSON and back without loss. */
final class FindingJson {

  private FindingJson() {}

  static Map<String, Object> tree(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", finding.kind().name());
    tree.put("rule", finding.rule());
    tree.put("telling", settings(finding.notifySettings()));
    Endpoint endpoint = finding.endpoint();
    putKnown(tree, "endpoint", endpoint == null ? null : EndpointJson.complete(endpoint));
    putKnown(tree, "namespace", finding.namespace());
    SocketPlace socket = finding.socket();
    putKnown(tree, "socket", socket == null ? null : SocketPlaceJson.tree(socket));
    tree.put("message", finding.message());
    putUnlessEmpty(tree, "owners", finding.owners().stream().map(OwnerJson::complete).toList());
    putUnlessEmpty(tree, "evidence", finding.evidence());
    UnknownOwner cause = finding.cause();
    putKnown(tree, "cause", cause == null ? null : cause.name());
    BriefOpening brief = finding.brief();
    putKnown(tree, "brief", brief == null ? null : brief(brief));
    return tree;
  }

  private static Map<String, Object> brief(BriefOpening brief) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", brief.source());
    tree.put("open_ns", brief.openFor().toNanos());
    tree.put("exact", brief.exact());
    tree.put("count", brief.count());
    tree.put("first", brief.first());
    tree.put("last", brief.last());
    return tree;
  }

  private static @Nullable BriefOpening brief(@Nullable JsonTree tree) {
    return tree == null
        ? null
        : new BriefOpening(
            tree.text("source"),
            Duration.ofNanos(tree.number("open_ns")),
            Boolean.TRUE.equals(tree.flagOr("exact")),
            tree.number("count"),
            Instant.parse(tree.text("first")),
            Instant.parse(tree.text("last")));
  }

  static Finding of(JsonTree tree) {
    JsonTree endpoint = tree.treeOr("endpoint");
    return new Finding(
        FindingType.named(tree.text("kind")),
        tree.text("rule"),
        settings(tree.tree("telling")),
        endpoint == null ? null : EndpointJson.of(endpoint),
        tree.textOr("namespace"),
        tree.text("message"),
        tree.trees("owners").stream().map(OwnerJson::of).toList(),
        tree.texts("evidence"),
        cause(tree.textOr("cause")),
        brief(tree.treeOr("brief")),
        socket(tree.treeOr("socket")));
  }

  private static @Nullable SocketPlace socket(@Nullable JsonTree tree) {
    return tree == null ? null : SocketPlaceJson.of(tree);
  }

  private static @Nullable UnknownOwner cause(@Nullable String name) {
    return name == null ? null : UnknownOwner.valueOf(name);
  }

  private static Map<String, Object> settings(NotifySettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("severity", settings.severity().name());
    putKnown(tree, "because", settings.because());
    Duration holdFor = settings.holdFor();
    putKnown(tree, "for_ms", holdFor == null ? null : holdFor.toMillis());
    putKnown(tree, "labels", settings.labels().isEmpty() ? null : settings.labels());
    putKnown(tree, "runbook", settings.runbook());
    return tree;
  }

  private static NotifySettings settings(JsonTree tree) {
    Long holdFor = tree.numberOr("for_ms");
    String runbook = tree.textOr("runbook");
    return new NotifySettings(
        Severity.valueOf(tree.text("severity")),
        tree.textOr("because"),
        holdFor == null ? null : Duration.ofMillis(holdFor),
        labels(tree.treeOr("labels")),
        runbook == null ? null : URI.create(runbook));
  }

  private static SortedMap<String, String> labels(@Nullable JsonTree tree) {
    SortedMap<String, String> labels = new TreeMap<>();
    if (tree != null) {
      tree.names().forEach(name -> labels.put(name, tree.text(name)));
    }
    return labels;
  }
}
