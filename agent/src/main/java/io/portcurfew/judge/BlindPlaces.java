package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports the places that a snapshot did not see: the host, or single network namespaces. */
final class BlindPlaces {

  /**
   * The most namespaces with a finding of their own, because any user can create namespaces; the
   * others share one.
   */
  static final int MOST = 16;

  /** The name of the namespaces that share a finding. */
  static final String OTHERS = "others";

  private static final int MOST_REASONS = 20;
  private static final Set<Protocol> ALL = EnumSet.allOf(Protocol.class);

  private BlindPlaces() {}

  /**
   * A finding for the host, and one for each network namespace. A namespace without a process that
   * the agent may not enter has no finding: it is a limit of the agent's rights, which the gap
   * states.
   */
  static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    if (snapshot.complete()) {
      return findings;
    }
    List<Gap> hiding = snapshot.gaps().stream().filter(Gap::hidesListeners).toList();
    boolean host = snapshot.covers(ALL, Endpoint.HOST);
    List<Gap> everywhere = hiding.stream().filter(gap -> isOfAll(gap, host)).toList();
    if (!host) {
      findings.add(
          blind(null, "Blind: no source saw all listeners, so open ports may be missing", hiding));
    } else if (!everywhere.isEmpty()) {
      findings.add(
          blind(null, "Blind: not every network namespace could be looked into", everywhere));
    }
    byNamespace(snapshot, hiding)
        .forEach(
            (name, gaps) ->
                findings.add(
                    blind(
                        name,
                        "Blind in network namespace "
                            + name
                            + ": not all of its listeners were seen, so open ports may be missing",
                        gaps)));
    return findings;
  }

  private static boolean isOfAll(Gap gap, boolean host) {
    return host && gap.what() == Gap.What.NAMESPACE && gap.place().namespace() == null;
  }

  private static SortedMap<String, List<Gap>> byNamespace(Snapshot snapshot, List<Gap> hiding) {
    SortedMap<String, List<Gap>> all = new TreeMap<>();
    for (Gap gap : hiding) {
      String name = gap.place().namespace();
      if (name != null && !gap.isLimit() && !name.equals(Endpoint.HOST)) {
        boolean named = all.containsKey(name) || all.size() < MOST;
        String as = named ? name : OTHERS;
        if (!snapshot.covers(ALL, name)) {
          all.computeIfAbsent(as, wanted -> new ArrayList<>()).add(gap);
        }
      }
    }
    return all;
  }

  private static Finding blind(@Nullable String namespace, String message, List<Gap> gaps) {
    List<String> why =
        gaps.stream().map(gap -> gap.source() + ": " + gap.why()).limit(MOST_REASONS).toList();
    return Finding.ofNamespace(
        FindingKind.BLIND,
        Policy.DEFAULT,
        NotifySettings.of(Severity.WARNING),
        namespace,
        message,
        why);
  }
}
