package io.portcurfew.cli;

import io.portcurfew.host.Host;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Clock;

/**
 * The result of one scan with every source.
 *
 * @param crossCheck the disagreements of the sources that a second scan confirmed, and the result
 *     of the sweep
 */
record LiveScan(Snapshot snapshot, CrossCheck crossCheck) {

  /**
   * Scans the host, twice if the sources disagree.
   *
   * @param policy determines the facts to collect about owners
   * @throws InterruptedException if the thread is interrupted
   */
  static LiveScan on(Host host, Policy policy, Clock clock) throws InterruptedException {
    host.ask(policy.asksFor());
    Snapshot snapshot = host.lookWithAll(clock.instant());
    CrossCheck crossCheck = CrossCheck.NONE.after(snapshot);
    if (crossCheck.wantsAnotherLook()) {
      snapshot = host.lookWithAll(clock.instant());
      crossCheck = crossCheck.after(snapshot);
    }
    crossCheck = crossCheck.swept(host.sweep(snapshot));
    return new LiveScan(crossCheck.complete(snapshot), crossCheck);
  }
}
