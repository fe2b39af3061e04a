package io.portcurfew.cli.text;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The part of a verdict that a table shows, and its width.
 *
 * @param width the width of the terminal in characters; 0 without a terminal
 * @param wide true to show the sources that saw each listener
 * @param all true to show each listener on a line of its own
 * @param ports the ports to show; empty for all
 * @param owner a text in the owner, its unit or its container; empty for all
 * @param findings true to show only listeners with a finding
 * @param marks the mark of each listener that changed since the last scan
 */
public record TableView(
    int width,
    boolean wide,
    boolean all,
    Set<Integer> ports,
    String owner,
    boolean findings,
    Map<Endpoint, String> marks) {

  /** Everything, for a pipe or a file. */
  public static final TableView WHOLE =
      new TableView(0, false, true, Set.of(), "", false, Map.of());

  public TableView {
    ports = Set.copyOf(ports);
    marks = Map.copyOf(marks);
  }

  /** The same view with other marks. */
  public TableView marking(Map<Endpoint, String> others) {
    return new TableView(width, wide, all, ports, owner, findings, others);
  }

  /** True if only a part of the listeners is shown. */
  boolean isFiltered() {
    return !ports.isEmpty() || !owner.isEmpty() || findings;
  }

  /** True if the view shows this socket of another family. */
  public boolean shows(OtherSocket socket, Judgement judgement) {
    Ruling ruling = judgement.socketRulings().get(socket.place());
    Long port = socket.place().port();
    return (ports.isEmpty() || (port != null && ports.stream().anyMatch(one -> one == (long) port)))
        && (!findings || (ruling != null && ruling.verdict() == Verdict.FINDING))
        && (owner.isEmpty() || mentions(OtherSocketTable.owners(socket).whole(), socket.owners()));
  }

  /** True if the view shows this listener of a judged snapshot. */
  public boolean shows(Listener listener, Judgement judgement) {
    Ruling ruling = judgement.rulings().get(listener.endpoint());
    boolean isFinding = ruling != null && ruling.verdict() == Verdict.FINDING;
    return (ports.isEmpty() || ports.contains(listener.endpoint().port()))
        && (!findings || isFinding)
        && (owner.isEmpty() || mentions(ListenerTable.owners(listener).whole(), listener.owners()));
  }

  private boolean mentions(String shown, List<Owner> owners) {
    String whole = String.join(" ", owners.stream().map(Owner::toString).toList());
    String wanted = owner.toLowerCase(Locale.ROOT);
    return Stream.of(shown, whole).anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
  }
}
