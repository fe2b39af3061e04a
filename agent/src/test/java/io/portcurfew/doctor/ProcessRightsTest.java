package io.portcurfew.doctor;

import static io.portcurfew.doctor.Capability.CAP_DAC_READ_SEARCH;
import static io.portcurfew.doctor.Capability.CAP_NET_ADMIN;
import static io.portcurfew.doctor.Capability.CAP_SYS_ADMIN;
import static io.portcurfew.doctor.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessRightsTest {

  /** The expected sets are the output of {@code capsh --decode}. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "0000000000000000, none",
        "0000000000000004, CAP_DAC_READ_SEARCH",
        "0000000000000002, none",
        "0000000000001000, CAP_NET_ADMIN",
        "0000000000080000, CAP_SYS_PTRACE",
        "0000000000200000, CAP_SYS_ADMIN",
        "0000000000080004, CAP_DAC_READ_SEARCH CAP_SYS_PTRACE",
        "ffffff3fffd7effb, none",
        "000001ffffffffff, CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_SYS_PTRACE CAP_SYS_ADMIN CAP_PERFMON"
            + " CAP_BPF"
      })
  void capabilitySetIsDecoded(String hex, String names) {
    assertThat(Capability.in(Long.parseUnsignedLong(hex, 16)).stream().map(Enum::name))
        .containsExactly(names == null ? new String[0] : names.split(" ", -1));
  }

  private static byte[] status(String uids, String effective) {
    String status =
        "Name:\tjava\nUid:\t"
            + uids
            + "\nCapInh:\t000001ffffffffff\nCapPrm:\t000001ffffffffff\nCapEff:\t"
            + effective
            + "\nCapBnd:\t000001ffffffffff\n";
    return status.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void effectiveUserAndCapabilitiesAreRead() {
    assertThat(ProcessRights.of(status("0\t998\t0\t0", "0000000000080004")))
        .isEqualTo(new ProcessRights(998, Set.of(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)));
  }

  @Test
  void missingLineGivesNoRight() {
    assertThat(ProcessRights.of(new byte[0])).isEqualTo(new ProcessRights(65534, Set.of()));
  }

  @Test
  void ownersNeedBothCapabilities() {
    assertThat(new ProcessRights(1, Set.of(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)).maySeeOwners())
        .isTrue();
    assertThat(new ProcessRights(1, Set.of(CAP_SYS_PTRACE)).maySeeOwners()).isFalse();
    assertThat(new ProcessRights(1, Set.of(CAP_DAC_READ_SEARCH)).maySeeOwners()).isFalse();
    assertThat(new ProcessRights(0, Set.of(CAP_NET_ADMIN)).maySeeOwners()).isFalse();
  }

  @Test
  void textListsHeldAndMissingCapabilities() {
    assertThat(new ProcessRights(998, Set.of(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)))
        .hasToString(
            "uid 998 with CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE; not CAP_SYS_ADMIN, CAP_PERFMON");
    assertThat(new ProcessRights(998, Set.of()))
        .hasToString(
            "uid 998 without CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_PERFMON");
    assertThat(
            new ProcessRights(
                0, Set.of(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_NET_ADMIN)))
        .hasToString(
            "root with CAP_DAC_READ_SEARCH, CAP_NET_ADMIN, CAP_SYS_PTRACE, CAP_SYS_ADMIN;"
                + " not CAP_PERFMON");
  }
}
