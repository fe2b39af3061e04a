package io.portcurfew;

import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Changes;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.List;

/** Where the alerts stand between two scans, and what becomes of what a scan changes. */
interface Book {

  /** The alerts as an agent before this one left them. */
  Alerts alerts();

  /** What is wrong with the agent itself. */
  List<Finding> findings(Instant now, ScanTimes times);

  /**
   * Saves what a scan saw and changed, and has it told; returns at once.
   *
   * @param policy the digest of the policy that it was judged by
   */
  void keep(Snapshot snapshot, Changes changes, String policy);
}
