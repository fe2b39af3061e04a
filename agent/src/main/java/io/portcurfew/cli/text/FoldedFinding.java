package io.portcurfew.cli.text;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A finding, and others that differ from it only in port and pid.
 *
 * @param others empty unless many are alike
 */
record FoldedFinding(Finding first, List<Finding> others) {

  FoldedFinding {
    others = List.copyOf(others);
  }

  /**
   * Folds findings, in the order of the first of each kind.
   *
   * @param many from so many on, findings that are alike are folded
   */
  static List<FoldedFinding> of(List<Finding> findings, int many) {
    Map<Object, List<Finding>> groups =
        findings.stream().collect(Collectors.groupingBy(FoldedFinding::key));
    Set<Object> seen = new HashSet<>();
    List<FoldedFinding> folded = new ArrayList<>();
    for (Finding finding : findings) {
      List<Finding> group = Objects.requireNonNull(groups.get(key(finding)));
      if (group.size() < many) {
        folded.add(new FoldedFinding(finding, List.of()));
      } else if (seen.add(key(finding))) {
        folded.add(new FoldedFinding(finding, group.subList(1, group.size())));
      }
    }
    return folded;
  }

  /** Only findings whose owner is known are of one program. */
  private static Object key(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    if (endpoint == null || finding.owners().isEmpty()) {
      return finding;
    }
    return List.of(
        finding.kind(),
        finding.severity(),
        finding.rule(),
        endpoint.protocol(),
        endpoint.address(),
        endpoint.namespace(),
        finding.owners().stream().map(owner -> OwnerCell.of(owner, false)).distinct().toList());
  }

  /** The number and the ports of the others, in a sentence; empty if there are none. */
  String rest() {
    if (others.isEmpty()) {
      return "";
    }
    IntSummaryStatistics ports =
        others.stream()
            .map(Finding::endpoint)
            .filter(Objects::nonNull)
            .mapToInt(Endpoint::port)
            .summaryStatistics();
    return "and "
        + others.size()
        + " more of the same program and rule, on ports "
        + ports.getMin()
        + " to "
        + ports.getMax()
        + "; --all prints each.";
  }
}
