package io.portcurfew.cli;

import io.portcurfew.host.Host;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Clock;

/**
 * What one look with every source showed.
 *
 * @param compared what the sources disagreed about, also in a second look, and what a sweep found
 */
record LiveScan(Snapshot snapshot, CrossCheck compared) {

  /**
   * Looks, once more where the sources disagree.
   *
   * @param policy what it asks about owners is found out
   * @throws InterruptedException when interrupted meanwhile
   */
  static LiveScan on(Host host, Policy policy, Clock clock) throws InterruptedException {
    host.ask(policy.asksFor());
    Snapshot snapshot = host.lookWithAll(clock.instant());
    CrossCheck compared = CrossCheck.NONE.after(snapshot);
    if (compared.wantsAnotherLook()) {
      snapshot = host.lookWithAll(clock.instant());
      compared = compared.after(snapshot);
    }
    compared = compared.swept(host.sweep(snapshot));
    return new LiveScan(compared.complete(snapshot), compared);
  }
}
