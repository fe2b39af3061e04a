package io.portcurfew.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventChecksTest {

  private static Check check(EventSettings settings, String source, boolean up, String why) {
    EventSourceReport report = new EventSourceReport(source, up, why, 0, 0, 0);
    return EventChecks.of(settings, List.of(report), true).get(0);
  }

  @Test
  void sourceThatIsUp_isNoLimit() {
    Check check = check(EventSettings.AUTO, "bpf", true, "");
    assertThat(check.state()).isEqualTo(Check.CheckState.OK);
    assertThat(check.found())
        .isEqualTo("reports UDP sockets as they are bound, with their process");
  }

  @Test
  void sourceWithALimit_saysIt() {
    Check check = check(EventSettings.AUTO, "bpf", true, "without the processes");
    assertThat(check.state()).isEqualTo(Check.CheckState.LIMITED);
    assertThat(check.found()).endsWith("; without the processes");
  }

  @Test
  void missingRight_namesTheShippedDropIn() {
    Check check =
        check(EventSettings.AUTO, "bpf", false, "creating a BPF map: not permitted (EPERM)");
    assertThat(check.found()).startsWith("would report UDP sockets").contains("EPERM");
    assertThat(check.remedy())
        .contains("install -D -m 0644 /usr/share/doc/portcurfew/examples/systemd/")
        .contains("portcurfew-events.conf");
    assertThat(Files.exists(Path.of("../systemd/portcurfew-events.conf"))).isTrue();
  }

  @Test
  void hostWithoutTheFeature_hasNoRemedyInTheRights() {
    assertThat(check(EventSettings.AUTO, "bpf", false, "control groups of version 1").remedy())
        .isNull();
    assertThat(check(EventSettings.AUTO, "perf", false, "does not exist (ENOENT)").remedy())
        .contains("mount -t tracefs");
    String lockedDown = "does not exist (ENOENT); the kernel is locked down";
    assertThat(check(EventSettings.AUTO, "perf", false, lockedDown).remedy()).isNull();
  }

  @Test
  void kernelThatAsksForMore_hasItsSettingAsRemedy() {
    String why = "opening a perf event on CPU 0: permission denied (EACCES)";
    assertThat(check(EventSettings.AUTO, "perf", false, why).remedy()).contains("CAP_PERFMON");
    why += "; kernel.perf_event_paranoid is 4";
    assertThat(check(EventSettings.AUTO, "perf", false, why).remedy())
        .contains("sysctl -w kernel.perf_event_paranoid=2")
        .contains("portcurfew-tracefs.conf");
  }

  @Test
  void instanceOfTracefs_addsNothingToPerf() {
    EventSourceReport tracefs = new EventSourceReport("tracefs", false, "ENOENT", 0, 0, 0);
    EventSourceReport perf = new EventSourceReport("perf", true, "", 0, 0, 0);
    assertThat(EventChecks.of(EventSettings.AUTO, List.of(perf, tracefs), true)).hasSize(1);
    assertThat(EventChecks.of(EventSettings.AUTO, List.of(tracefs), true).get(0).remedy())
        .contains("portcurfew-tracefs.conf");
  }

  @Test
  void agentThatMayNotEnterNamespaces_readsItsOwnAlone() {
    EventSourceReport perf = new EventSourceReport("perf", true, "", 0, 0, 0);
    EventSourceReport bpf = new EventSourceReport("bpf", true, "", 0, 0, 0);
    EventSourceReport destroy = new EventSourceReport("destroy", true, "", 0, 0, 0);
    assertThat(EventChecks.of(EventSettings.AUTO, List.of(perf, destroy), false).get(1).found())
        .contains("own network namespace alone: entering others takes CAP_SYS_ADMIN");
    assertThat(EventChecks.of(EventSettings.AUTO, List.of(perf, bpf, destroy), false))
        .allMatch(check -> check.state() == Check.CheckState.OK);
  }

  @Test
  void sourceThatIsOff_namesTheSetting() {
    Check check = check(EventSettings.OFF, "perf", true, "");
    assertThat(check.state()).isEqualTo(Check.CheckState.LIMITED);
    assertThat(check.remedy()).isEqualTo("set events in the config to auto");
  }
}
