package io.portcurfew.cli.options;

import io.portcurfew.host.Host;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Clock;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The result of one scan with every source.
 *
 * @param crossCheck the disagreements of the sources that further scans confirmed, and the result
 *     of the sweep
 */
public record LiveScan(Snapshot snapshot, CrossCheck crossCheck) {

  /**
   * Scans the host, up to three times if the sources disagree, with its progress on the terminal.
   *
   * @param policy determines the facts to collect about owners
   * @throws InterruptedException if the thread is interrupted
   */
  public static LiveScan on(Host host, Policy policy, Clock clock, CommandSpec spec)
      throws InterruptedException {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      return on(host, policy, clock, progress);
    }
  }

  private static LiveScan on(Host host, Policy policy, Clock clock, ProgressLine progress)
      throws InterruptedException {
    progress.step("observing with every source");
    host.ask(policy.asksFor());
    Snapshot snapshot = host.lookWithAll(clock.instant());
    CrossCheck crossCheck = CrossCheck.NONE.after(snapshot);
    for (int look = 1; look < CrossCheck.LOOKS && crossCheck.wantsAnotherLook(); look++) {
      progress.step("observing again, because the sources disagree");
      snapshot = host.lookWithAll(clock.instant());
      crossCheck = crossCheck.after(snapshot);
    }
    progress.step("sweeping the ports");
    crossCheck = crossCheck.swept(host.sweep(snapshot));
    return new LiveScan(crossCheck.complete(snapshot), crossCheck);
  }
}
