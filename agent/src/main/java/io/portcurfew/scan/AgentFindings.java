package io.portcurfew.scan;

import io.portcurfew.alert.Alerts;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import io.portcurfew.store.Store;
import io.portcurfew.store.StoreState;
import java.util.ArrayList;
import java.util.List;

/** Makes the findings about the agent itself, which are reported like any other. */
final class AgentFindings {

  private AgentFindings() {}

  /** The conditions of the alerts, of the store and of the receivers. */
  static List<Finding> of(StoreState state, Alerts alerts) {
    List<Finding> findings = new ArrayList<>();
    if (alerts.notFollowed() > 0) {
      findings.add(full(alerts));
    }
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

  private static Finding full(Alerts alerts) {
    List<String> worst = alerts.worstNotFollowed().stream().map(Finding::message).toList();
    String message =
        "there are more findings than the %,d alerts that the agent follows; without alert: %,d. The worst of them: %s"
            .formatted(
                Alerts.MOST, alerts.notFollowed(), worst.isEmpty() ? "unknown" : worst.get(0));
    return of(AgentCondition.ALERTS_FULL, Severity.CRITICAL, message, worst);
  }

  private static Finding damaged(List<String> files) {
    String message =
        "the agent's database was damaged or missing; created a new one, so its alerts and"
            + " deliveries are lost. Remove "
            + files.get(files.size() - 1)
            + " from the state folder when you have examined it";
    return of(AgentCondition.STORE_DAMAGED, Severity.CRITICAL, message, files);
  }

  private static Finding notWritable(StoreState state) {
    String message =
        "the agent cannot write to its database; it keeps up to "
            + Store.MOST
            + " changes in memory, which a crash would lose"
            + (state.lost() == 0 ? "" : ", and more than that are lost")
            + ": "
            + state.why();
    return of(AgentCondition.STORE_NOT_WRITABLE, Severity.CRITICAL, message, List.of());
  }

  private static Finding undelivered(List<String> refused) {
    String message =
        "some notifications did not reach their receiver; recently refused by " + refused.get(0);
    return of(AgentCondition.UNDELIVERED, Severity.WARNING, message, refused);
  }

  static Finding of(AgentCondition kind, Severity severity, String message, List<String> evidence) {
    return Finding.ofHost(kind, Policy.DEFAULT, NotifySettings.of(severity), message, evidence);
  }
}
