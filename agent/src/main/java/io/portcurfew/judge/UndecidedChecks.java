package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.policy.FindingKind;
import java.util.List;
import java.util.Set;

/**
 * The open questions of the checks for hidden listeners.
 *
 * @param awaited the checks without a result since the start: what they found before is in doubt
 * @param unconfirmed the listeners that only other sources than that of all scans showed, when
 *     there were no two complete sources to compare, and those about which the sources disagree
 */
public record UndecidedChecks(Set<HiddenCheck> awaited, List<Listener> unconfirmed) {

  /** Every check has decided. */
  public static final UndecidedChecks NONE = new UndecidedChecks(Set.of(), List.of());

  public UndecidedChecks {
    awaited = Set.copyOf(awaited);
    unconfirmed = List.copyOf(unconfirmed);
  }

  /**
   * Returns true if the finding is about a hidden listener that may still be there although no
   * check finds it now. A sweep finds no port that another source shows.
   */
  public boolean concern(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    return endpoint != null
        && finding.kind() == FindingKind.HIDDEN
        && (awaited.contains(finding.foundBy()) || isUnconfirmed(endpoint));
  }

  private boolean isUnconfirmed(Endpoint endpoint) {
    return unconfirmed.stream()
        .anyMatch(one -> one.endpoint().equals(endpoint) || SweepResult.takes(one, endpoint));
  }
}
