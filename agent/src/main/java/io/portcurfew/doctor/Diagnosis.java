package io.portcurfew.doctor;

import io.portcurfew.observe.HostText;
import java.util.Comparator;
import java.util.List;

/**
 * The results of all checks of one host.
 *
 * @param checks ordered by topic
 */
public record Diagnosis(HostText host, List<Check> checks) {

  public Diagnosis {
    checks = checks.stream().sorted(Comparator.comparing(Check::topic)).toList();
  }

  /** True if the agent sees every listener and owner of this host. */
  public boolean allSeen() {
    return count(Check.CheckState.NOT_SEEN) == 0;
  }

  /** True if everything is seen and nothing is broken. */
  public boolean allWell() {
    return allSeen() && count(Check.CheckState.BROKEN) == 0;
  }

  /** The number of checks with this state. */
  public long count(Check.CheckState state) {
    return checks.stream().filter(check -> check.state() == state).count();
  }
}
