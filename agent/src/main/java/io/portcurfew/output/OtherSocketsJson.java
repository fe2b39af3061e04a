package io.portcurfew.output;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.UnknownOwner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sockets of other families than TCP and UDP as JSON. */
public final class OtherSocketsJson {

  private OtherSocketsJson() {}

  /** Renders the sockets with their verdicts. */
  public static List<Map<String, Object>> sockets(OtherSockets sockets, Judgement judgement) {
    return sockets.all().stream()
        .map(one -> socket(one, judgement.socketRulings().get(one.place())))
        .toList();
  }

  /** Renders a socket with its verdict. */
  public static Map<String, Object> socket(OtherSocket socket, @Nullable Ruling ruling) {
    Map<String, Object> tree = SocketPlaceJson.tree(socket.place());
    tree.put("count", socket.count());
    putKnown(tree, "filtered", socket.filtered());
    putKnown(tree, "fanout", socket.fanout());
    tree.put("owners", socket.owners().stream().map(OwnerJson::tree).toList());
    UnknownOwner cause = socket.unknownOwner();
    putKnown(tree, "unknown_owner", cause == null ? null : cause.label());
    if (ruling != null) {
      tree.put("verdict", ruling.verdict().label());
      putKnown(tree, "rule", ruling.rule());
    }
    return tree;
  }

  /** Renders the families that could not be listed. */
  public static List<Map<String, Object>> unlisted(OtherSockets sockets) {
    return sockets.unlisted().stream().map(OtherSocketsJson::unlisted).toList();
  }

  /** Renders a family that could not be listed. */
  public static Map<String, Object> unlisted(OtherSockets.Unlisted one) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("family", one.family().label());
    tree.put("namespace", one.namespace());
    tree.put("why", one.why());
    return tree;
  }
}
