package io.portcurfew.cli.json;

import io.portcurfew.baseline.Drift;
import io.portcurfew.baseline.DriftReport;
import io.portcurfew.baseline.SocketDrift;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.output.VerdictJson;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleTerms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The JSON of {@code baseline diff}, schema 1. Unknown values are absent. */
public final class DriftJson {

  private DriftJson() {}

  /** Renders the differences. */
  public static String render(DriftReport differences, Snapshot snapshot) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("host", snapshot.host());
    root.put("taken_at", VerdictJson.time(snapshot.takenAt()));
    root.put("complete", differences.complete());
    root.put(
        "differences",
        Stream.concat(
                differences.all().stream().map(DriftJson::difference),
                differences.sockets().stream().map(DriftJson::difference))
            .toList());
    root.put("untested", differences.untested().stream().map(DriftJson::untested).toList());
    root.put("gaps", snapshot.gaps().stream().map(VerdictJson::gap).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> difference(Drift difference) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("change", difference.change().label());
    Map<String, Object> endpoint = EndpointJson.tree(difference.endpoint());
    if (difference.change() == Drift.DriftKind.MISSING) {
      endpoint.remove("address");
    }
    tree.put("endpoint", endpoint);
    Rule rule = difference.rule();
    if (rule != null) {
      tree.put("rule", rule.name());
      tree.put("was", was(rule));
    }
    if (difference.is() != null) {
      tree.put("is", is(difference.is()));
    }
    return tree;
  }

  private static Map<String, Object> difference(SocketDrift difference) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("change", difference.change().label());
    tree.put("socket", SocketPlaceJson.tree(difference.place()));
    Rule rule = difference.rule();
    if (rule != null) {
      tree.put("rule", rule.name());
      tree.put("was", was(rule));
    }
    OtherSocket is = difference.is();
    if (is != null) {
      tree.put("is", Map.of("owners", is.owners().stream().map(OwnerJson::tree).toList()));
    }
    return tree;
  }

  private static Map<String, Object> was(Rule rule) {
    RuleTerms terms = rule.terms();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("expect", rule.expect().label());
    if (!terms.addresses().isEmpty()) {
      tree.put("address", terms.addresses().stream().map(Object::toString).toList());
    }
    if (!terms.by().isEmpty()) {
      tree.put("by", terms.by().stream().map(DriftJson::owner).toList());
    }
    return tree;
  }

  private static Map<String, Object> owner(OwnerTerm term) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Json.putKnown(tree, "executable", term.executable());
    Json.putKnown(tree, "user", term.user());
    Json.putKnown(tree, "unit", term.unit());
    ContainerTerm container = term.container();
    if (container != null) {
      tree.put("container", container.patterns().isEmpty() ? container : container(container));
    }
    Json.putKnown(tree, "sha256", term.sha256());
    Json.putKnown(tree, "package", term.packageName());
    Json.putKnown(tree, "kernel", term.kernel());
    return tree;
  }

  private static Map<String, Object> container(ContainerTerm term) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Json.putKnown(tree, "id", term.id());
    tree.putAll(term.patterns());
    return tree;
  }

  private static Map<String, Object> is(Listener listener) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("address", listener.endpoint().address());
    tree.put("owners", listener.owners().stream().map(OwnerJson::tree).toList());
    return tree;
  }

  private static Map<String, Object> untested(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Endpoint endpoint = finding.endpoint();
    if (endpoint != null) {
      tree.put("endpoint", EndpointJson.tree(endpoint));
    }
    SocketPlace socket = finding.socket();
    Json.putKnown(tree, "socket", socket == null ? null : SocketPlaceJson.tree(socket));
    tree.put("rule", finding.rule());
    tree.put("message", finding.message());
    return tree;
  }
}
