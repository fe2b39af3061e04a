package io.portcurfew.cli.text;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** The table of listeners of a verdict. Many listeners of one program are one row. */
final class ListenerTable {

  /** From so many on, listeners that differ only in port and pid are folded. */
  static final int MANY = 10;

  private static final int LEAST_TEXT = 12;
  private static final int COMFORT = 34;

  private final Snapshot snapshot;
  private final Judgement judgement;
  private final TableView view;

  ListenerTable(Snapshot snapshot, Judgement judgement, TableView view) {
    this.snapshot = snapshot;
    this.judgement = judgement;
    this.view = view;
  }

  /** Renders the head and the rows. */
  List<String> lines() {
    TextColumns table = TextColumns.of(columns());
    List<Listener> shown =
        snapshot.listeners().stream().filter(l -> view.shows(l, judgement)).toList();
    Map<Object, List<Listener>> groups =
        shown.stream()
            .collect(Collectors.groupingBy(this::key, LinkedHashMap::new, Collectors.toList()));
    boolean folds = false;
    for (List<Listener> group : groups.values()) {
      if (group.size() < MANY) {
        group.forEach(listener -> table.cells(row(listener, port(listener))));
      } else {
        folds = true;
        table.cells(row(group.get(0), ports(group)));
      }
    }
    List<String> lines = new ArrayList<>(table.lines(view.width()));
    if (folds) {
      lines.add("Listeners that differ only in port and pid are folded; --all shows each.");
    }
    return lines;
  }

  private List<TextColumns.Column> columns() {
    List<TextColumns.Column> columns = new ArrayList<>();
    if (!view.marks().isEmpty()) {
      columns.add(TextColumns.Column.fixed("CHANGE"));
    }
    columns.add(TextColumns.Column.uncut("PROTO", 3));
    columns.add(new TextColumns.Column("ADDRESS", 24, LEAST_TEXT, 0));
    columns.add(TextColumns.Column.fixed("PORT"));
    columns.add(TextColumns.Column.fixed("VERDICT"));
    columns.add(new TextColumns.Column("RULE", LEAST_TEXT, LEAST_TEXT, 2));
    columns.add(new TextColumns.Column("OWNER", COMFORT, LEAST_TEXT, 0));
    if (view.wide()) {
      columns.add(TextColumns.Column.uncut("PARENT", 1));
      columns.add(TextColumns.Column.uncut("SEEN BY", 1));
    }
    return columns;
  }

  /**
   * Listeners with the same key may be folded; the endpoint itself keeps one on its own line. Only
   * listeners whose owner is known are of one program.
   */
  private Object key(Listener listener) {
    boolean isUnknown = listener.owners().isEmpty() && listener.via() == null;
    if (view.all() || isUnknown || view.marks().containsKey(listener.endpoint())) {
      return listener.endpoint();
    }
    return List.of(
        listener.endpoint().protocol(),
        address(listener),
        verdict(listener),
        rule(listener),
        listener.owners().stream().map(owner -> OwnerCell.of(owner, false)).distinct().toList(),
        String.valueOf(listener.via()));
  }

  private List<TextColumns.Cell> row(Listener listener, String ports) {
    List<TextColumns.Cell> row = new ArrayList<>();
    if (!view.marks().isEmpty()) {
      row.add(cell(view.marks().getOrDefault(listener.endpoint(), "")));
    }
    row.add(cell(listener.endpoint().protocol().label()));
    row.add(cell(address(listener)));
    row.add(cell(ports));
    row.add(cell(verdict(listener)));
    row.add(cell(rule(listener)));
    row.add(owners(listener));
    if (view.wide()) {
      row.add(cell(parents(listener)));
      row.add(cell(String.join(",", listener.seenBy())));
    }
    return row;
  }

  private static TextColumns.Cell cell(String text) {
    return new TextColumns.Text(text);
  }

  private static String port(Listener listener) {
    return Integer.toString(listener.endpoint().port());
  }

  private static String ports(List<Listener> group) {
    String first = port(group.get(0));
    return first + "-" + port(group.get(group.size() - 1)) + " (" + group.size() + ")";
  }

  /** Only a socket option decides if {@code ::} takes IPv4 too (ipv6(7), IPV6_V6ONLY). */
  private static String address(Listener listener) {
    Endpoint endpoint = listener.endpoint();
    String namespace = endpoint.namespace();
    return endpoint.address()
        + dualStack(listener)
        + onNoInterface(listener)
        + (namespace.equals(Endpoint.HOST) ? "" : " in " + namespace);
  }

  /** No traffic of others reaches an address that the host does not have now. */
  private static String onNoInterface(Listener listener) {
    SortedSet<String> interfaces = listener.interfaces();
    return interfaces != null && interfaces.isEmpty() ? " on no interface now" : "";
  }

  private static String dualStack(Listener listener) {
    Boolean both = listener.dualStack();
    if (both == null || !listener.endpoint().address().equals(Address.ANY_IPV6)) {
      return "";
    }
    return both ? " and IPv4" : " IPv6 only";
  }

  private String verdict(Listener listener) {
    Ruling ruling = judgement.rulings().get(listener.endpoint());
    String verdict = ruling == null ? "-" : ruling.verdict().label();
    return snapshot.isOfClient(listener) ? verdict + " (ephemeral)" : verdict;
  }

  private String rule(Listener listener) {
    Ruling ruling = judgement.rulings().get(listener.endpoint());
    return ruling == null || ruling.rule() == null ? "-" : ruling.rule();
  }

  /** The owners in short, and the redirect that leads to the listener. */
  static OwnerCell owners(Listener listener) {
    Redirect via = listener.via();
    if (via == null) {
      UnknownOwner cause = listener.unknownOwner();
      String unknown = cause == null ? "unknown" : "unknown (" + cause.label() + ")";
      boolean all = cause == null && !listener.owners().isEmpty();
      return new OwnerCell(listener.owners(), all ? "" : unknown);
    }
    Container container = via.container();
    String facts = container == null ? "" : container.facts();
    return new OwnerCell(listener.owners(), "via " + via + facts);
  }

  /** The parents are useful, but their names are chosen by users, so they are not for every row. */
  private static String parents(Listener listener) {
    return listener.owners().stream()
        .flatMap(owner -> owner.parent().stream())
        .map(OwnerDetails.Ancestor::toString)
        .distinct()
        .collect(Collectors.joining("; "));
  }
}
