package io.portcurfew.output;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.RedirectJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.UnknownOwner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of {@code scan} and {@code judge}, schema 1. Unknown values are absent. */
public final class VerdictJson {

  private VerdictJson() {}

  /** Renders the verdicts of several hosts: one object for each, in a list. */
  public static String render(List<JudgedSnapshot> hosts) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("compliant", hosts.stream().allMatch(host -> host.judgement().compliant()));
    root.put("hosts", hosts.stream().map(host -> tree(host.snapshot(), host.judgement())).toList());
    return Json.pretty(root);
  }

  /** Renders the snapshot and its judgement. */
  public static String render(Snapshot snapshot, Judgement judgement) {
    return Json.pretty(tree(snapshot, judgement));
  }

  private static Map<String, Object> tree(Snapshot snapshot, Judgement judgement) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("host", snapshot.host());
    root.put("taken_at", time(snapshot.takenAt()));
    root.put("compliant", judgement.compliant());
    root.put(
        "listeners",
        snapshot.listeners().stream().map(l -> listener(l, snapshot, judgement)).toList());
    if (snapshot.sockets().looked()) {
      root.put("sockets", OtherSocketsJson.sockets(snapshot.sockets(), judgement));
      root.put("unlisted_families", OtherSocketsJson.unlisted(snapshot.sockets()));
    }
    root.put("findings", judgement.findings().stream().map(VerdictJson::finding).toList());
    root.put("owners_replaced", snapshot.replacedOwners());
    root.put("gaps", snapshot.gaps().stream().map(VerdictJson::gap).toList());
    if (!snapshot.limits().isEmpty()) {
      root.put("limits", snapshot.limits());
    }
    root.put("sources", snapshot.sources().stream().map(VerdictJson::source).toList());
    return root;
  }

  /** A moment in UTC with milliseconds (RFC 3339). */
  public static String time(Instant at) {
    return Json.time(at);
  }

  private static Map<String, Object> listener(
      Listener listener, Snapshot snapshot, Judgement judgement) {
    Map<String, Object> tree = listener(listener, snapshot.isOfClient(listener));
    Ruling ruling = judgement.rulings().get(listener.endpoint());
    if (ruling != null) {
      tree.put("verdict", ruling.verdict().label());
      putKnown(tree, "rule", ruling.rule());
    }
    return tree;
  }

  /** Renders a listener, with {@code ephemeral} if it looks like the socket of a UDP client. */
  public static Map<String, Object> listener(Listener listener, boolean ephemeral) {
    Map<String, Object> tree = EndpointJson.tree(listener.endpoint());
    putKnown(tree, "dual_stack", listener.dualStack());
    if (ephemeral) {
      tree.put("ephemeral", true);
    }
    Redirect via = listener.via();
    if (via != null) {
      tree.put("via", RedirectJson.tree(via));
    }
    tree.put("owners", listener.owners().stream().map(OwnerJson::tree).toList());
    UnknownOwner unknown = listener.unknownOwner();
    putKnown(tree, "unknown_owner", unknown == null ? null : unknown.label());
    tree.put("seen_by", List.copyOf(listener.seenBy()));
    return tree;
  }

  /** A finding. */
  public static Map<String, Object> finding(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", finding.kind().label());
    tree.put("severity", finding.severity().label());
    tree.put("rule", finding.rule());
    if (finding.endpoint() != null) {
      tree.put("endpoint", EndpointJson.tree(finding.endpoint()));
    }
    SocketPlace socket = finding.socket();
    putKnown(tree, "socket", socket == null ? null : SocketPlaceJson.tree(socket));
    putKnown(tree, "namespace", finding.namespace());
    UnknownOwner cause = finding.cause();
    putKnown(tree, "cause", cause == null ? null : cause.label());
    tree.put("message", finding.message());
    putKnown(tree, "because", finding.because());
    return tree;
  }

  /** A gap, with its place. */
  public static Map<String, Object> gap(Gap gap) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", gap.source());
    tree.put("what", gap.what().label());
    tree.put("why", gap.why());
    Place place = gap.place();
    putKnown(tree, "namespace", place.namespace());
    putKnown(tree, "protocol", place.protocol() == null ? null : place.protocol().label());
    putKnown(tree, "family", place.family() == null ? null : place.family().label());
    return tree;
  }

  /** The report of a source. */
  public static Map<String, Object> source(SourceReport source) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", source.name());
    tree.put("up", source.up());
    tree.put("complete", source.complete());
    tree.put("listeners", source.listeners());
    tree.put("seconds", Math.round(source.took().toNanos() / 1e5) / 1e4);
    return tree;
  }
}
