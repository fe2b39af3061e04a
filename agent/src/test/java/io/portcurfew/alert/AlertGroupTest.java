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
    return AlertGroup.of(finding("npmp-gui", List.of(owner(creator, real, effective)))).user();
  }

  private static Owner owner(@Nullable Long creator, @Nullable Long real, long effective) {
    OwnerDetails details = OwnerDetails.builder().creatorUid(creator).realUid(real).build();
    return new Owner(4711, null, HostText.of("/usr/bin/su"), null, effective, details);
  }

  private static Finding finding(String rule, List<Owner> owners) {
    return Finding.ofEndpoint(
        FindingKind.OPEN,
        rule,
        NotifySettings.of(Severity.CRITICAL),
        SampleSnapshots.NPMP,
        "open",
        owners,
        List.of());
  }

  @Test
  void userUnderSeveralRules_hasOneShare() {
    List<Owner> owners = List.of(owner(null, null, 1000));
    assertThat(AlertGroup.of(finding("one", owners)).share())
        .isEqualTo(AlertGroup.of(finding("other", owners)).share());
  }

  @Test
  void unknownOwners_haveAShareForEachRule() {
    assertThat(AlertGroup.of(finding("one", List.of())).share())
        .isNotEqualTo(AlertGroup.of(finding("other", List.of())).share());
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
