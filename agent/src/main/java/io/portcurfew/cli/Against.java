package io.portcurfew.cli;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What answers from outside, compared with what the host itself shows. */
final class Against {

  private Against() {}

  /**
   * The verdict on what answers; a host that does not show all leaves a gap for what is missing.
   */
  static JudgedSnapshot judged(Policy policy, Snapshot outside, Snapshot inside) {
    List<Endpoint> missing = missing(outside, inside);
    if (missing.isEmpty() || inside.complete()) {
      return new JudgedSnapshot(outside, Judge.judge(policy, outside, hidden(outside, inside)));
    }
    String why =
        missing.size()
            + " endpoints answer that the host does not show, and what it shows is not whole: "
            + missing.get(0);
    List<Gap> gaps = new ArrayList<>(outside.gaps());
    gaps.add(new Gap("against", Gap.What.LISTENERS, why));
    Snapshot doubted =
        new Snapshot(
            outside.host(),
            outside.takenAt(),
            false,
            outside.listeners(),
            gaps,
            outside.sources(),
            outside.disagreements(),
            outside.ephemeral());
    return new JudgedSnapshot(doubted, Judge.judge(policy, doubted, List.of()));
  }

  /** What answers and is not shown. Only a host that shows all can be said to hide something. */
  static List<Disagreement> hidden(Snapshot outside, Snapshot inside) {
    return inside.complete()
        ? missing(outside, inside).stream()
            .map(endpoint -> new Disagreement(endpoint, sources(outside), sources(inside)))
            .toList()
        : List.of();
  }

  /** The endpoints that answer and that no listener of the host stands for. */
  static List<Endpoint> missing(Snapshot outside, Snapshot inside) {
    return outside.listeners().stream()
        .map(Listener::endpoint)
        .filter(open -> inside.listeners().stream().noneMatch(one -> answers(one, open)))
        .toList();
  }

  private static boolean answers(Listener listener, Endpoint open) {
    Endpoint own = listener.endpoint();
    return own.protocol() == open.protocol()
        && own.port() == open.port()
        && (takes(own.address(), listener.dualStack(), open.address())
            || own.address().mayBe(open.address()));
  }

  /** Where a wildcard may take both families, it is not said to hide one. */
  private static boolean takes(Address own, @Nullable Boolean dualStack, Address tried) {
    return own.isWildcard()
        && (own.isIpv6() == tried.isIpv6() || (own.isIpv6() && !Boolean.FALSE.equals(dualStack)));
  }

  private static SortedSet<String> sources(Snapshot snapshot) {
    return snapshot.sources().stream()
        .map(SourceReport::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
