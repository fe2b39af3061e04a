package io.portcurfew.scan;

import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import io.portcurfew.store.Store;
import io.portcurfew.store.StoreState;
import java.util.ArrayList;
import java.util.List;

/** Words what is wrong with the agent itself, which is told like any alert. */
final class AgentFindings {

  private AgentFindings() {}

  /** What is wrong with the memory of the agent and with those whom it tells. */
  static List<Finding> of(StoreState state) {
    List<Finding> findings = new ArrayList<>();
    if (!state.damaged().isEmpty()) {
      findings.add(damaged(state.damaged()));
    }
    if (!state.writable()) {
      findings.add(notWritable(state));
    }
    if (!state.refused().isEmpty()) {
      findings.add(undelivered(state.refused()));
    }
    return findings;
  }

  private static Finding damaged(List<String> files) {
    String message =
        "the database of the agent was damaged or gone: a new one was begun, and what the old one"
            + " knew of alerts and deliveries is lost. Remove "
            + files.get(files.size() - 1)
            + " from the state folder when you have looked at it";
    return of(FindingKind.STORE_DAMAGED, Severity.CRITICAL, message, files);
  }

  private static Finding notWritable(StoreState state) {
    String message =
        "the agent cannot write to its database, and holds up to "
            + Store.MOST
            + " changes in memory, which a crash would forget"
            + (state.lost() == 0 ? "" : " and of which some were too many and are lost")
            + ": "
            + state.why();
    return of(FindingKind.STORE_NOT_WRITABLE, Severity.CRITICAL, message, List.of());
  }

  private static Finding undelivered(List<String> refused) {
    String message =
        "not every notification reaches its receiver; refused lately by " + refused.get(0);
    return of(FindingKind.UNDELIVERED, Severity.WARNING, message, refused);
  }

  static Finding of(FindingKind kind, Severity severity, String message, List<String> evidence) {
    return new Finding(
        kind, Policy.DEFAULT, NotifySettings.of(severity), null, message, List.of(), evidence);
  }
}
