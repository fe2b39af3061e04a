package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Where the alerts stand between two scans, and what becomes of what a scan changes. */
public interface AlertPipeline {

  /** The alerts as an agent before this one left them. */
  Alerts alerts();

  /** What is not to be told now. */
  Silences silences(Instant now);

  /** What is wrong with the agent itself. */
  List<Finding> findings(ScanTimes times);

  /**
   * Saves what a scan saw and changed, and has it told; returns at once.
   *
   * @param by what it was judged by
   */
  void keep(Snapshot snapshot, AlertChanges changes, ActiveConfig by);

  /** Takes in how the sources fared in a cross-check; called from a thread of its own. */
  void compared(Collection<SourceReport> sources);
}
