package io.portcurfew.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertGroupTest {

  private static String user(@Nullable Long creator, @Nullable Long real, long effective) {
    OwnerDetails details = OwnerDetails.builder().creatorUid(creator).realUid(real).build();
    Owner owner = new Owner(4711, null, HostText.of("/usr/bin/su"), null, effective, details);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "npmp-gui",
            NotifySettings.of(Severity.CRITICAL),
            SampleSnapshots.NPMP,
            "open",
            List.of(owner),
            List.of());
    return AlertGroup.of(finding).user();
  }

  @Test
  void socketHandedToASetuidProgram_countsToItsCreator() {
    assertThat(user(1000L, null, 0)).isEqualTo("1000");
    assertThat(user(1000L, 1001L, 0)).isEqualTo("1000");
  }

  @Test
  void setuidProgram_countsToTheUserWhoRunsIt() {
    assertThat(user(null, 1000L, 0)).isEqualTo("1000");
    assertThat(user(0L, 1000L, 0)).isEqualTo("1000");
    assertThat(user(null, 165_540L, 0)).isEqualTo("165536");
  }

  @Test
  void socketThatRootCreated_countsToTheUserWhoHasIt() {
    assertThat(user(0L, null, 1000)).isEqualTo("1000");
    assertThat(user(null, null, 0)).isEqualTo("0");
  }
}
