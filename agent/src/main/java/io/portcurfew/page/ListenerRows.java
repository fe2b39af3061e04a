package io.portcurfew.page;

import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of listeners and other sockets of the status page. */
final class ListenerRows {

  /** Rows of the listeners' table. */
  static final int MOST_LISTENERS = 2_000;

  /** Rows of the table of other sockets. */
  static final int MOST_SOCKETS = 500;

  private ListenerRows() {}

  static Map<String, Object> listeners(PageContent page, Snapshot snapshot, Judgement judgement) {
    List<Listener> worst = new ArrayList<>(snapshot.listeners());
    // The cut rows must not be those with findings.
    worst.sort(Comparator.comparing(l -> !isFinding(judgement.rulings().get(l.endpoint()))));
    return HtmlText.table(
        worst,
        MOST_LISTENERS,
        listener -> listener(page, listener, judgement.rulings().get(listener.endpoint())));
  }

  private static boolean isFinding(@Nullable Ruling ruling) {
    return ruling != null && ruling.verdict().label().equals("finding");
  }

  private static Map<String, Object> listener(
      PageContent page, Listener listener, @Nullable Ruling ruling) {
    Endpoint endpoint = listener.endpoint();
    Instant first = page.firstSeen().get(endpoint);
    String rule = ruling == null || ruling.rule() == null ? "" : ruling.rule();
    Map<String, Object> row = new HashMap<>();
    row.put("id", "l" + StableId.of(endpoint.toString()));
    row.put("protocol", endpoint.protocol().label());
    row.put("address", HtmlText.parts(endpoint.address()));
    row.put("elsewhere", !endpoint.namespace().equals(Endpoint.HOST));
    row.put("namespace", HtmlText.parts(endpoint.namespace()));
    row.put("port", endpoint.port());
    row.put("explain", HtmlText.explain(endpoint));
    row.put("owner", HtmlText.parts(page.showsOwners() ? owner(listener) : ""));
    row.put("unit", HtmlText.parts(HtmlText.units(listener.owners())));
    row.put("rule", HtmlText.parts(rule));
    row.put("verdict", ruling == null ? "" : ruling.verdict().label());
    row.put("first", first == null ? "" : HtmlText.time(first));
    return row;
  }

  static Map<String, Object> sockets(PageContent page, Snapshot snapshot, Judgement judgement) {
    List<OtherSocket> worst = new ArrayList<>(snapshot.sockets().all());
    worst.sort(Comparator.comparing(one -> !isFinding(judgement.socketRulings().get(one.place()))));
    return HtmlText.table(
        worst,
        MOST_SOCKETS,
        socket -> socket(page, socket, judgement.socketRulings().get(socket.place())));
  }

  private static Map<String, Object> socket(
      PageContent page, OtherSocket socket, @Nullable Ruling ruling) {
    String owners = HtmlText.owners(socket.owners());
    String shown = owners.isEmpty() ? "not visible" : owners;
    String rule = ruling == null || ruling.rule() == null ? "" : ruling.rule();
    Map<String, Object> row = new HashMap<>();
    row.put("family", socket.place().family().label());
    row.put("place", HtmlText.parts(socket.place()));
    row.put("filtered", Boolean.TRUE.equals(socket.filtered()));
    row.put("count", socket.count());
    row.put("owner", HtmlText.parts(page.showsOwners() ? shown : ""));
    row.put("unit", HtmlText.parts(HtmlText.units(socket.owners())));
    row.put("rule", HtmlText.parts(rule));
    row.put("verdict", ruling == null ? "" : ruling.verdict().label());
    return row;
  }

  static String owner(Listener listener) {
    String owners = HtmlText.owners(listener.owners());
    if (listener.via() != null) {
      return (owners.isEmpty() ? "" : owners + ", ") + "via " + listener.via();
    }
    String others = listener.hasAnotherOwner() ? ", and one that is not visible" : "";
    return owners.isEmpty() ? "not visible" : owners + others;
  }
}
