package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.State.LIMITED;
import static io.portcurfew.doctor.Check.State.NOT_SEEN;
import static io.portcurfew.doctor.Check.State.OK;
import static io.portcurfew.doctor.Given.gap;
import static io.portcurfew.doctor.Given.listener;
import static io.portcurfew.doctor.Given.snapshot;
import static io.portcurfew.doctor.Given.standing;
import static io.portcurfew.doctor.Given.view;
import static io.portcurfew.observe.Gap.Cause.NAMESPACE_CLOSED;
import static io.portcurfew.observe.Gap.Cause.NO_SOCK_DIAG;
import static io.portcurfew.observe.Gap.Cause.PROCESSES_CLOSED;
import static io.portcurfew.observe.Gap.Cause.PROCESSES_HIDDEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightTest {

  private static final Listener OWNED = listener("127.0.0.1", 611, 7);
  private static final Listener ORPHAN = listener("127.0.0.1", 612);
  private static final String NO_RIGHT =
      "no owner of tcp 127.0.0.1:612, tcp [::1]:612: no right to read the descriptors of 3 processes";

  private static Check owners(String why, Standing standing) {
    return owners(why, null, standing);
  }

  private static Check owners(String why, Gap.Cause cause, Standing standing) {
    Gap gap = gap(Gap.What.OWNERS, why, cause);
    Gap ofWitness = gap("ss", Gap.What.OWNERS, "run it as root");
    return OwnerCheck.of(
        snapshot(view("sock_diag", List.of(OWNED, ORPHAN), gap), view("ss", List.of(), ofWitness)),
        standing);
  }

  private static Check namespaces(Gap.What what, String why, Gap.Cause cause, Rights rights) {
    return NamespaceCheck.of(
        List.of(gap(what, why, cause)), List.of("host", "web"), List.of(), standing(rights));
  }

  @Test
  void ownersThatAreAllKnownAreOk() {
    Check check = OwnerCheck.of(snapshot(view("sock_diag", List.of(OWNED))), standing(Given.NONE));
    assertThat(check.state()).isEqualTo(OK);
  }

  @Test
  void anUnknownOwnerIsToldWithItsListenerAndTheReasonOfTheFirstSource() {
    Check check = owners(NO_RIGHT, PROCESSES_CLOSED, standing(Given.NONE));
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.found())
        .isEqualTo(
            "unknown for 1 of 2 (tcp 127.0.0.1:612): no right to read the descriptors of 3 processes");
    assertThat(check.remedy()).contains("CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
  }

  @Test
  void withHiddenProcessesNoSocketIsTakenForOneOfTheKernel() {
    Standing hidden = new Standing(Given.NONE, HidePid.INVISIBLE, false, false);
    Check check = owners("no owner of x: every process was readable: the kernel", hidden);
    assertThat(check.found()).contains("are hidden").doesNotContain("kernel");
    assertThat(owners("no owner of x: every one: the kernel", standing(Given.ROOT)).found())
        .endsWith("(tcp 127.0.0.1:612): every one: the kernel");
  }

  @Test
  void whoHasBothCapabilitiesIsNotToldToGetThem() {
    assertThat(owners(NO_RIGHT, PROCESSES_CLOSED, standing(Given.BOTH)).remedy())
        .startsWith("a security module");
    assertThat(owners("no owner of x: a socket of the kernel", standing(Given.ROOT)).remedy())
        .contains("WireGuard");
    Standing container = new Standing(Given.ROOT, HidePid.OFF, true, false);
    assertThat(owners("no owner of x: not in this pid namespace", container).remedy())
        .contains("--pid=host");
  }

  @Test
  void aNamespaceThatCannotBeEnteredIsNotSeenAndNamesTheCapability() {
    Check check = namespaces(Gap.What.NAMESPACE, "namespace web: x", NAMESPACE_CLOSED, Given.BOTH);
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.found()).startsWith("2 known (host, web), not all seen: namespace web");
    assertThat(check.remedy()).contains("CAP_SYS_ADMIN");
  }

  @Test
  void aNamespaceThatIsReadFromItsTextTablesIsALimit() {
    Check entry = namespaces(Gap.What.PROTOCOL, "x", NAMESPACE_CLOSED, Given.BOTH);
    assertThat(entry.state()).isEqualTo(LIMITED);
    assertThat(entry.remedy()).contains("CAP_SYS_ADMIN");
    Check seccomp = namespaces(Gap.What.PROTOCOL, "x", NO_SOCK_DIAG, Given.ROOT);
    assertThat(seccomp.state()).isEqualTo(LIMITED);
    assertThat(seccomp.remedy()).isEqualTo("see sock_diag under Kernel");
  }

  @Test
  void whoHasTheCapabilityIsToldWhatElseRefuses() {
    assertThat(namespaces(Gap.What.NAMESPACE, "x", NAMESPACE_CLOSED, Given.ROOT).remedy())
        .contains("RestrictNamespaces");
  }

  @Test
  void processesOfAnUnknownNamespaceTakeThePtraceCapability() {
    Check check = namespaces(Gap.What.NAMESPACE, "x", PROCESSES_CLOSED, Given.NONE);
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.remedy()).isEqualTo(OwnerCheck.BOTH);
    assertThat(namespaces(Gap.What.NAMESPACE, "x", PROCESSES_CLOSED, Given.ROOT).remedy())
        .isEqualTo(OwnerCheck.KEPT_OUT);
    assertThat(namespaces(Gap.What.NAMESPACE, "x", PROCESSES_HIDDEN, Given.NONE).remedy())
        .contains("see processes");
  }

  @Test
  void gapsThatAreNotAboutNamespacesAreNotToldThere() {
    Check check = namespaces(Gap.What.PROTOCOL, "sockets that are not judged", null, Given.ROOT);
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).isEqualTo("2 known (host, web), all looked into");
    Gap ofWitness = gap("ss", Gap.What.LISTENERS, "namespace web: network namespace");
    assertThat(NamespaceCheck.isAbout(ofWitness)).isFalse();
  }

  @Test
  void hiddenProcessesMatterToWhoMayNotTrace() {
    Standing hidden = new Standing(Given.NONE, HidePid.INVISIBLE, false, false);
    assertThat(SightChecks.processes(hidden).state()).isEqualTo(NOT_SEEN);
    assertThat(SightChecks.processes(hidden).found()).contains("hidepid=invisible");
    Standing root = new Standing(Given.ROOT, HidePid.INVISIBLE, false, false);
    assertThat(SightChecks.processes(root).state()).isEqualTo(OK);
  }

  @Test
  void aPidNamespaceOfOnesOwnAndAUserNamespaceOfOnesOwnAreLimits() {
    Standing contained = new Standing(Given.ROOT, HidePid.OFF, true, true);
    assertThat(SightChecks.processes(contained).state()).isEqualTo(LIMITED);
    assertThat(SightChecks.rights(contained).state()).isEqualTo(LIMITED);
    assertThat(SightChecks.rights(standing(Given.BOTH)).state()).isEqualTo(OK);
    assertThat(SightChecks.rights(standing(Given.NONE)).remedy()).isEqualTo(OwnerCheck.BOTH);
  }

  @Test
  void theChanceToSeeAShortLivedListenerIsToldForThisInterval() {
    assertThat(SightChecks.shortLived(new ScanTimes.Every(Duration.ofSeconds(10))).found())
        .contains("every 10 s")
        .contains("min(1, T / 10)");
    assertThat(SightChecks.shortLived(new ScanTimes.Every(Duration.ofSeconds(1))).remedy())
        .isNull();
    assertThat(SightChecks.shortLived(new ScanTimes.Cron("0 0 * * * ?")).found())
        .contains("min(1, T / interval)");
  }
}
