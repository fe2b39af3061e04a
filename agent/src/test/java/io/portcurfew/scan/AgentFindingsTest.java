package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alerts;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import io.portcurfew.store.StoreState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AgentFindingsTest {

  private static final StoreState WELL = new StoreState(null, 0, 0, List.of(), List.of());

  @Test
  void findingsWithoutAnAlert_areOneCriticalFinding() {
    Finding left =
        Finding.ofHost(
            FindingKind.OPEN,
            "npmp",
            NotifySettings.of(Severity.CRITICAL),
            "tcp 0.0.0.0:611 is open",
            List.of());
    Alerts alerts = new Alerts(new TreeMap<>(), List.of(), 1_234, List.of(left));

    Finding finding = AgentFindings.of(WELL, alerts).get(0);
    assertThat(finding.kind()).isEqualTo(AgentCondition.ALERTS_FULL);
    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.message())
        .contains("without alert: 1,234")
        .endsWith("tcp 0.0.0.0:611 is open");
    assertThat(AgentFindings.of(WELL, Alerts.NONE)).isEmpty();
  }
}
