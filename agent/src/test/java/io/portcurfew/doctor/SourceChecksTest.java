package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.CheckState.LIMITED;
import static io.portcurfew.doctor.Check.CheckState.NOT_SEEN;
import static io.portcurfew.doctor.Check.CheckState.OK;
import static io.portcurfew.doctor.SampleChecks.gap;
import static io.portcurfew.doctor.SampleChecks.listener;
import static io.portcurfew.doctor.SampleChecks.snapshot;
import static io.portcurfew.doctor.SampleChecks.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceChecksTest {

  private static final List<Listener> ONE = List.of(listener("127.0.0.1", 611, 7));
  private static final View FIRST = view("sock_diag", ONE);

  private static Check second(View witness) {
    return SourceChecks.of(snapshot(FIRST, witness)).get(1);
  }

  @Test
  void completeFirstSourceIsOk() {
    Check check = SourceChecks.of(snapshot(FIRST)).get(0);
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).isEqualTo("1 listener, nothing missed");
  }

  @Test
  void incompleteFirstSourceIsNotSeen() {
    View blind = View.blind("sock_diag", "seccomp");
    List<Check> checks = SourceChecks.of(snapshot(blind, view("ss", ONE)));
    assertThat(checks.get(0).state()).isEqualTo(NOT_SEEN);
    assertThat(checks.get(0).found()).contains("seccomp");
    assertThat(checks.get(1).state()).isEqualTo(OK);
  }

  @Test
  void missingNativeLibrary_remedyNamesTheFolder() {
    View blind = View.blind("sock_diag", "x", Gap.Cause.NO_NATIVE_LIBRARY);
    Check check = SourceChecks.of(snapshot(blind)).get(0);
    assertThat(check.state()).isEqualTo(NOT_SEEN);
    assertThat(check.remedy()).contains("jna.tmpdir");
  }

  @Test
  void emptyLsofMayHaveFoundNothing() {
    Check check = second(View.blind("lsof", "x", Gap.Cause.NO_ROWS));
    assertThat(check.remedy()).startsWith("none if no visible process");
  }

  @Test
  void namespaceGapsHaveTheirOwnCheck() {
    Gap gap = gap(Gap.What.NAMESPACE, "EACCES", Gap.Cause.NAMESPACE_CLOSED);
    Check check = SourceChecks.of(snapshot(view("sock_diag", ONE, gap))).get(0);
    assertThat(check.state()).isEqualTo(LIMITED);
    assertThat(check.found()).contains("see network namespaces").doesNotContain("EACCES");
  }

  @Test
  void missingSecondSource_packageIsNamed() {
    Check check = second(View.blind("ss", "x", Gap.Cause.NOT_INSTALLED));
    assertThat(check.state()).isEqualTo(LIMITED);
    assertThat(check.remedy()).contains("iproute2");
  }

  @Test
  void failingSecondSource_noPackageIsNamed() {
    Check check = second(View.blind("ss", "exit status 7"));
    assertThat(check.state()).isEqualTo(LIMITED);
    assertThat(check.found()).contains("exit status 7");
    assertThat(check.remedy()).isNull();
  }

  @Test
  void lsofIsOkWithItsFlaw() {
    Check check = second(new View("lsof", false, ONE, List.of()));
    assertThat(check.state()).isEqualTo(OK);
    assertThat(check.found()).contains("4.95");
  }

  @Test
  void aSystemWithoutSourcesSeesNothing() {
    assertThat(SourceChecks.of(snapshot()).get(0).state()).isEqualTo(NOT_SEEN);
  }
}
