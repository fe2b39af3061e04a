package io.portcurfew.doctor;

import io.portcurfew.observe.HostText;
import java.util.Comparator;
import java.util.List;

/**
 * All checks of one host.
 *
 * @param checks by topic
 */
public record Diagnosis(HostText host, List<Check> checks) {

  public Diagnosis {
    checks = checks.stream().sorted(Comparator.comparing(Check::topic)).toList();
  }

  /** Whether no listener and no owner of this host is beyond this agent. */
  public boolean allSeen() {
    return count(Check.State.NOT_SEEN) == 0;
  }

  /** Whether all is seen and nothing else is broken. */
  public boolean allWell() {
    return allSeen() && count(Check.State.BROKEN) == 0;
  }

  /** How many checks stand so. */
  public long count(Check.State state) {
    return checks.stream().filter(check -> check.state() == state).count();
  }
}
