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

/** Compares the ports that answer from outside with the listeners of the host itself. */
final class OutsideComparison {

  private OutsideComparison() {}

  /**
   * Returns the verdict on the ports that answer. If the host is not fully visible, a missing port
   * is a gap.
   */
  static JudgedSnapshot judge(Policy policy, Snapshot outside, Snapshot inside) {
    List<Endpoint> missing = missing(outside, inside);
    if (missing.isEmpty() || inside.complete()) {
      return new JudgedSnapshot(outside, Judge.judge(policy, outside, hidden(outside, inside)));
    }
    String why =
        missing.size()
            + " endpoints answer but are missing in the incomplete view of the host, for example "
            + missing.get(0);
    List<Gap> gaps = new ArrayList<>(outside.gaps());
    gaps.add(new Gap("against", Gap.What.LISTENERS, why));
    Snapshot incomplete =
        new Snapshot(
            outside.host(),
            outside.takenAt(),
            false,
            outside.listeners(),
            gaps,
            outside.sources(),
            outside.disagreements(),
            outside.ephemeral());
    return new JudgedSnapshot(incomplete, Judge.judge(policy, incomplete, List.of()));
  }

  /**
   * Returns the ports that answer and are missing. Only a complete snapshot can prove that a
   * listener is hidden.
   */
  static List<Disagreement> hidden(Snapshot outside, Snapshot inside) {
    return inside.complete()
        ? missing(outside, inside).stream()
            .map(endpoint -> new Disagreement(endpoint, sources(outside), sources(inside)))
            .toList()
        : List.of();
  }

  /** Returns the endpoints that answer and match no listener of the host. */
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
        && (accepts(own.address(), listener.dualStack(), open.address())
            || own.address().mayBe(open.address()));
  }

  /**
   * True if the address accepts the connection. A wildcard that may accept both families counts for
   * both.
   */
  private static boolean accepts(Address own, @Nullable Boolean dualStack, Address tried) {
    return own.isWildcard()
        && (own.isIpv6() == tried.isIpv6() || (own.isIpv6() && !Boolean.FALSE.equals(dualStack)));
  }

  private static SortedSet<String> sources(Snapshot snapshot) {
    return snapshot.sources().stream()
        .map(SourceReport::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
