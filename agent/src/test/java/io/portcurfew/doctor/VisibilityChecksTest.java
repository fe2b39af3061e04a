package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.CheckState.LIMITED;
import static io.portcurfew.doctor.Check.CheckState.NOT_SEEN;
import static io.portcurfew.doctor.Check.CheckState.OK;
import static io.portcurfew.doctor.SampleChecks.context;
import static io.portcurfew.doctor.SampleChecks.gap;
import static io.portcurfew.doctor.SampleChecks.listener;
import static io.portcurfew.doctor.SampleChecks.snapshot;
import static io.portcurfew.doctor.SampleChecks.view;
import static io.portcurfew.observe.Gap.Cause.NAMESPACE_CLOSED;
import static io.portcurfew.observe.Gap.Cause.NO_SOCK_DIAG;
import static io.portcurfew.observe.Gap.Cause.PROCESSES_CLOSED;
import static io.portcurfew.observe.Gap.Cause.PROCESSES_HIDDEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSockets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibilityChecksTest {

  private static final Listener OWNED = listener("127.0.0.1", 611, 7);
  private static final Listener UNOWNED = listener("127.0.0.1", 612);
  private static final String NO_RIGHT =
      "no owner of tcp 127.0.0.1:612, tcp [::1]:612: no right to read the descriptors of 3 processes";

  private static Check owners(String why, ProcessContext context) {
    return owners(why, null, context);
  }

  private static Check owners(String why, Gap.Cause cause, ProcessContext context) {
    Gap gap = gap(Gap.What.OWNERS, why, cause);
    Gap ofWitness = gap("ss", Gap.What.OWNERS, "run it as root");
    return OwnerCheck.of(
        snapshot(view("sock_diag", List.of(OWNED, UNOWNED), gap), view("ss", List.of(), ofWitness)),
        context);
  }

  private static Check namespaces(
      Gap.What what, String why, Gap.Cause cause, ProcessRights rights) {
    return NamespaceCheck.of(
        List.of(gap(what, why, cause)), List.of("host", "web"), List.of(), context(rights));
  }

  @Test
  void knownOwnersAreOk() {
    Check check =
        OwnerCheck.of(snapshot(view("sock_diag", List.of(OWNED))), context(SampleChecks.NONE));
    assertThat(check.state()).isEqualTo(OK);
  }

  @Test
  void unknownOwnerHasListenerAndReason() {
    Check check = owners(NO_RIGHT, PROCESSES_CLOSED, context(SampleChecks.NONE));
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.found())
        .isEqualTo(
            "unknown for 1 of 2 (tcp 127.0.0.1:612): no right to read the descriptors of 3 processes");
    assertThat(check.remedy()).contains("CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
  }

  @Test
  void hiddenProcesses_socketsAreNotOfTheKernel() {
    ProcessContext hidden = new ProcessContext(SampleChecks.NONE, HidePid.INVISIBLE, false, false);
    Check check = owners("no owner of x: every process was readable: the kernel", hidden);
    assertThat(check.found()).contains("are hidden").doesNotContain("kernel");
    assertThat(owners("no owner of x: every one: the kernel", context(SampleChecks.ROOT)).found())
        .endsWith("(tcp 127.0.0.1:612): every one: the kernel");
  }

  @Test
  void withBothCapabilities_otherRemedyIsNamed() {
    assertThat(owners(NO_RIGHT, PROCESSES_CLOSED, context(SampleChecks.BOTH)).remedy())
        .startsWith("a security module");
    assertThat(owners("no owner of x: a socket of the kernel", context(SampleChecks.ROOT)).remedy())
        .contains("WireGuard");
    ProcessContext container = new ProcessContext(SampleChecks.ROOT, HidePid.OFF, true, false);
    assertThat(owners("no owner of x: not in this pid namespace", container).remedy())
        .contains("--pid=host");
  }

  @Test
  void closedNamespaceIsNotSeen() {
    Check check =
        namespaces(Gap.What.NAMESPACE, "namespace web: x", NAMESPACE_CLOSED, SampleChecks.BOTH);
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.found()).startsWith("2 known (host, web), not all seen: namespace web");
    assertThat(check.remedy()).contains("CAP_SYS_ADMIN");
  }

  @Test
  void namespaceReadFromTextTablesIsLimited() {
    Check entry = namespaces(Gap.What.PROTOCOL, "x", NAMESPACE_CLOSED, SampleChecks.BOTH);
    assertThat(entry.state()).isEqualTo(LIMITED);
    assertThat(entry.remedy()).contains("CAP_SYS_ADMIN");
    Check seccomp = namespaces(Gap.What.PROTOCOL, "x", NO_SOCK_DIAG, SampleChecks.ROOT);
    assertThat(seccomp.state()).isEqualTo(LIMITED);
    assertThat(seccomp.remedy()).isEqualTo("see sock_diag under Kernel");
  }

  @Test
  void withTheCapability_otherCauseIsNamed() {
    assertThat(namespaces(Gap.What.NAMESPACE, "x", NAMESPACE_CLOSED, SampleChecks.ROOT).remedy())
        .contains("RestrictNamespaces");
  }

  @Test
  void unknownNamespace_needsThePtraceCapability() {
    Check check = namespaces(Gap.What.NAMESPACE, "x", PROCESSES_CLOSED, SampleChecks.NONE);
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.remedy()).isEqualTo(OwnerCheck.BOTH);
    assertThat(namespaces(Gap.What.NAMESPACE, "x", PROCESSES_CLOSED, SampleChecks.ROOT).remedy())
        .isEqualTo(OwnerCheck.REFUSED);
    assertThat(namespaces(Gap.What.NAMESPACE, "x", PROCESSES_HIDDEN, SampleChecks.NONE).remedy())
        .contains("see the check processes");
  }

  @Test
  void otherGapsAreNotNamespaceGaps() {
    Check check =
        namespaces(Gap.What.PROTOCOL, "sockets that are not judged", null, SampleChecks.ROOT);
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).isEqualTo("2 known (host, web), all observed");
    Gap ofWitness = gap("ss", Gap.What.LISTENERS, "namespace web: network namespace");
    assertThat(NamespaceCheck.isAbout(ofWitness)).isFalse();
  }

  @Test
  void forcedLibraryIsNamed() {
    Check check = VisibilityChecks.libraries(List.of("/tmp/a.so by LD_PRELOAD"));
    assertThat(check.found()).isEqualTo("forced into this program: /tmp/a.so by LD_PRELOAD");
    assertThat(VisibilityChecks.libraries(List.of()).state()).isEqualTo(OK);
  }

  @Test
  void familiesThatCannotBeListedAreNamed() {
    Check check = VisibilityChecks.otherSockets(SampleSockets.SOCKETS);
    assertThat(check.found())
        .contains("xdp sockets cannot be listed", "raw sockets are not all seen", "web");
    assertThat(VisibilityChecks.otherSockets(OtherSockets.NOT_LOOKED).state()).isEqualTo(NOT_SEEN);
    OtherSockets all = new OtherSockets(true, List.of(), List.of());
    assertThat(VisibilityChecks.otherSockets(all).state()).isEqualTo(OK);
  }

  @Test
  void hiddenProcessesMatterWithoutPtrace() {
    ProcessContext hidden = new ProcessContext(SampleChecks.NONE, HidePid.INVISIBLE, false, false);
    assertThat(VisibilityChecks.processes(hidden).state()).isEqualTo(NOT_SEEN);
    assertThat(VisibilityChecks.processes(hidden).found()).contains("hidepid=invisible");
    ProcessContext root = new ProcessContext(SampleChecks.ROOT, HidePid.INVISIBLE, false, false);
    assertThat(VisibilityChecks.processes(root).state()).isEqualTo(OK);
  }

  @Test
  void ownPidAndUserNamespacesAreLimited() {
    ProcessContext contained = new ProcessContext(SampleChecks.ROOT, HidePid.OFF, true, true);
    assertThat(VisibilityChecks.processes(contained).state()).isEqualTo(LIMITED);
    assertThat(VisibilityChecks.rights(contained).state()).isEqualTo(LIMITED);
    assertThat(VisibilityChecks.rights(context(SampleChecks.BOTH)).state()).isEqualTo(OK);
    assertThat(VisibilityChecks.rights(context(SampleChecks.NONE)).remedy())
        .isEqualTo(OwnerCheck.BOTH);
  }

  @Test
  void probabilityOfShortLivedListenersIsShown() {
    assertThat(VisibilityChecks.shortLived(new ScanTimes.Every(Duration.ofSeconds(10))).found())
        .contains("every 10 s")
        .contains("min(1, T / 10)");
    assertThat(VisibilityChecks.shortLived(new ScanTimes.Every(Duration.ofSeconds(1))).remedy())
        .isNull();
    assertThat(VisibilityChecks.shortLived(new ScanTimes.Cron("0 0 * * * ?")).found())
        .contains("min(1, T / interval)");
  }

  @Test
  void rulesetsWithoutTheRightAreALimit() {
    Check limited = VisibilityChecks.redirects("rulesets take CAP_NET_ADMIN");
    assertThat(limited.state()).isEqualTo(Check.CheckState.LIMITED);
    assertThat(limited.found()).contains("CAP_NET_ADMIN, so other redirects");
    assertThat(limited.remedy()).contains("portcurfew-reach.conf");
    assertThat(VisibilityChecks.redirects("").state()).isEqualTo(Check.CheckState.OK);
  }
}
