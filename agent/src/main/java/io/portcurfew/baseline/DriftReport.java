package io.portcurfew.baseline;

import io.portcurfew.judge.Finding;
import java.util.List;

/**
 * The differences from the baseline: the findings under a denying default, and learned rules
 * without a listener. A listener that a rule allows is no difference.
 *
 * @param all one per endpoint, in order of endpoint
 * @param sockets those of other families than TCP and UDP, one per place
 * @param untested findings about facts that could not be observed
 * @param complete true if every relevant fact was observed
 */
public record DriftReport(
    List<Drift> all, List<SocketDrift> sockets, List<Finding> untested, boolean complete) {

  public DriftReport {
    all = List.copyOf(all);
    sockets = List.copyOf(sockets);
    untested = List.copyOf(untested);
  }

  /** Returns true if nothing differs. */
  public boolean isEmpty() {
    return all.isEmpty() && sockets.isEmpty();
  }
}
