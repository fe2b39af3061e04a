package io.portcurfew.notify.message;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoint and the owners of a finding as evidences of OCSF 1.8.0. */
final class OcsfEvidence {

  /** The message names all owners. */
  private static final int MOST_OWNERS = 5;

  private OcsfEvidence() {}

  /** One evidence for each owner, or one without an owner; empty without an endpoint. */
  static List<Map<String, Object>> of(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    if (endpoint == null) {
      return List.of();
    }
    if (finding.owners().isEmpty()) {
      return List.of(evidence(endpoint, null));
    }
    return finding.owners().stream()
        .limit(MOST_OWNERS)
        .map(owner -> evidence(endpoint, owner))
        .toList();
  }

  private static Map<String, Object> evidence(Endpoint endpoint, @Nullable Owner owner) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("dst_endpoint", endpoint(endpoint));
    evidence.put(
        "connection_info",
        // 1: inbound.
        Map.of("protocol_name", endpoint.protocol().label(), "direction_id", 1));
    if (owner != null) {
      evidence.put("process", process(owner));
    }
    return evidence;
  }

  private static Map<String, Object> endpoint(Endpoint endpoint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", text(endpoint.address()));
    if (!endpoint.address().cut()) {
      tree.put("ip", endpoint.address().host());
    }
    tree.put("port", endpoint.port());
    return tree;
  }

  private static Map<String, Object> process(Owner owner) {
    Map<String, Object> process = new LinkedHashMap<>();
    process.put("pid", owner.pid());
    put(process, "name", owner.name());
    HostText executable = owner.executable();
    if (executable != null) {
      String path = text(executable);
      // 1: a regular file.
      process.put(
          "file",
          Map.of("name", path.substring(path.lastIndexOf('/') + 1), "path", path, "type_id", 1));
    }
    Map<String, Object> user = new LinkedHashMap<>();
    put(user, "name", owner.user());
    put(user, "uid", owner.uid());
    if (!user.isEmpty()) {
      process.put("user", user);
    }
    owner.parent().ifPresent(parent -> process.put("parent_process", parent(parent)));
    return process;
  }

  private static Map<String, Object> parent(Ancestor ancestor) {
    Map<String, Object> parent = new LinkedHashMap<>();
    parent.put("pid", ancestor.pid());
    put(parent, "name", ancestor.name());
    return parent;
  }

  private static void put(Map<String, Object> into, String key, @Nullable Object value) {
    if (value != null) {
      into.put(key, text(value));
    }
  }

  private static String text(Object value) {
    return AlertText.oneLine(value.toString());
  }
}
