package io.portcurfew.baseline;

import io.portcurfew.json.JsonTree;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The listeners of one host, read from the JSON of {@code scan} or of {@code history}.
 *
 * @param host its name
 * @param listeners without sockets that look like UDP clients and without findings
 * @param notApproved the listeners with a finding or, in a history, with an alert, one line each
 * @param gaps what could not be seen, one line each
 */
public record HostListeners(
    String host, List<Listener> listeners, List<String> notApproved, List<String> gaps) {

  public HostListeners {
    listeners = List.copyOf(listeners);
    notApproved = List.copyOf(notApproved);
    gaps = List.copyOf(gaps);
  }

  /**
   * Reads the hosts of a file.
   *
   * @param otherwise the name of a host whose file has none, as a history has none
   * @throws IllegalArgumentException if the text is not such JSON
   */
  public static List<HostListeners> read(String otherwise, String text) {
    JsonTree root = JsonTree.of(text);
    if (root.number("schema") != 1) {
      throw new IllegalArgumentException("schema is not 1");
    }
    return root.names().contains("hosts")
        ? root.trees("hosts").stream().map(host -> of(otherwise, host)).toList()
        : List.of(of(otherwise, root));
  }

  private static HostListeners of(String otherwise, JsonTree root) {
    String name = Objects.requireNonNullElse(root.textOr("host"), otherwise);
    if (!root.names().contains("listeners")) {
      throw new IllegalArgumentException("it has no listeners");
    }
    List<Listener> listeners = new ArrayList<>();
    List<String> notApproved = new ArrayList<>();
    Set<Endpoint> alerted = alerted(root);
    for (JsonTree tree : root.trees("listeners")) {
      Endpoint at = endpoint(Objects.requireNonNullElse(tree.treeOr("endpoint"), tree));
      if ("finding".equals(tree.textOr("verdict"))) {
        notApproved.add(name + ": " + at);
      } else if (alerted.contains(at)) {
        notApproved.add(name + ": " + at + ", about which there was an alert");
      } else if (!Boolean.TRUE.equals(tree.flagOr("ephemeral")) && !isClient(root, at)) {
        listeners.add(
            new Listener(
                at, null, tree.trees("owners").stream().map(OwnerJson::of).toList(), "json"));
      }
    }
    List<String> gaps =
        root.trees("gaps").stream()
            .filter(gap -> "listeners".equals(gap.textOr("what")))
            .map(gap -> name + ": " + gap.text("source") + ": " + gap.text("why"))
            .toList();
    return new HostListeners(name, listeners, notApproved, gaps);
  }

  /** The endpoints with an alert in a history, which has no verdict of its listeners. */
  private static Set<Endpoint> alerted(JsonTree root) {
    return root.trees("log").stream()
        .filter(entry -> "alert".equals(entry.textOr("what")))
        .map(entry -> entry.tree("details"))
        .filter(alert -> !FindingKind.MISSING.label().equals(alert.textOr("kind")))
        .flatMap(alert -> Stream.ofNullable(alert.textOr("endpoint")))
        .flatMap(text -> Endpoint.parse(text).stream())
        .collect(Collectors.toSet());
  }

  /** A history does not mark the sockets of UDP clients. */
  private static boolean isClient(JsonTree root, Endpoint at) {
    return root.names().contains("log")
        && at.protocol() == Protocol.UDP
        && PortRange.LINUX_EPHEMERAL.contains(at.port());
  }

  private static Endpoint endpoint(JsonTree tree) {
    String address = tree.text("address");
    return new Endpoint(
        Protocol.valueOf(tree.text("protocol").toUpperCase(Locale.ROOT)),
        Address.parse(address)
            .orElseThrow(() -> new IllegalArgumentException("not an address: " + address)),
        Math.toIntExact(tree.number("port")),
        tree.text("namespace"));
  }
}
