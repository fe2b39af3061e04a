package io.portcurfew.baseline;

import io.portcurfew.json.JsonTree;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
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
 * @param sockets those of other families with a known owner and without findings; none of a
 *     history, whose alerts do not name them
 * @param notApproved the listeners and sockets with a finding or, in a history, with an alert, one
 *     line each
 * @param gaps what could not be seen, one line each
 */
public record HostListeners(
    String host,
    List<Listener> listeners,
    List<OtherSocket> sockets,
    List<String> notApproved,
    List<String> gaps) {

  public HostListeners {
    listeners = List.copyOf(listeners);
    sockets = List.copyOf(sockets);
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
    return new HostListeners(name, listeners, sockets(name, root, notApproved), notApproved, gaps);
  }

  private static List<OtherSocket> sockets(String host, JsonTree root, List<String> notApproved) {
    List<OtherSocket> sockets = new ArrayList<>();
    if (root.names().contains("log")) {
      return sockets;
    }
    for (JsonTree tree : root.trees("sockets")) {
      List<Owner> owners = tree.trees("owners").stream().map(OwnerJson::of).toList();
      OtherSocket socket = new OtherSocket(SocketPlaceJson.of(tree), owners, null);
      boolean known =
          tree.textOr("unknown_owner") == null && !OwnerTerms.ofSockets(List.of(socket)).isEmpty();
      String line = host + ": " + socket.place();
      if ("finding".equals(tree.textOr("verdict"))) {
        notApproved.add(line);
      } else if (!known) {
        notApproved.add(line + ": " + SocketLearning.NO_OWNER);
      } else if (SocketLearning.hasNoName(socket)) {
        notApproved.add(line + ": " + LearnableListeners.NO_NAME);
      } else {
        sockets.add(socket);
      }
    }
    return sockets;
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
