package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.system.Daemon;
import io.portcurfew.tags.LiveHost;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User 65534 names control groups below one that is delegated to it. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ForgedGroupLiveTest {

  private static final String UNIT = "pctest-" + ProcessHandle.current().pid() + ".service";

  /** linux/sched.h: CLONE_NEWUSER and CLONE_NEWNET. */
  private static final String OWN_NAMESPACE = "assert not libc.unshare(0x50000000)\n";

  private final LinuxSource source = PatientSource.ofHost();

  @AfterEach
  void close() {
    source.close();
  }

  private Listener listener(PythonProcess python) throws Exception {
    Daemon.until("its listener is seen", () -> !listeners(python).isEmpty());
    List<Listener> found = listeners(python);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<Listener> listeners(PythonProcess python) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.owners().stream().anyMatch(owner -> owner.pid() == python.pid()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh.service",
        "lxc.payload.web",
        "docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope"
      })
  void nameBelowADelegatedGroup_isNoUnitOrContainer(String own) throws Exception {
    try (DelegatedGroup group = new DelegatedGroup(UNIT);
        PythonProcess python = PythonProcess.run(group.enter(own) + "s = tcp(); ready(1)")) {
      OwnerDetails details = listener(python).owners().get(0).details();
      assertThat(details.unit()).hasToString(UNIT);
      assertThat(details.container()).isNull();
    }
  }

  @Test
  void squattedName_isNotTheNamespace() throws Exception {
    InNamespace real = new InNamespace("squatted");
    String script = "s = tcp('0.0.0.0', 611); ready(1)";
    try (DelegatedGroup group = new DelegatedGroup(UNIT);
        PythonProcess squatter =
            PythonProcess.run(group.enter("lxc.payload." + real.name()) + OWN_NAMESPACE + script)) {
      assertThat(listener(squatter).endpoint().namespace()).isEqualTo(UNIT);
      try (PythonProcess inside = real.python(script)) {
        assertThat(listener(inside).endpoint().namespace()).isEqualTo(real.name());
        assertThat(listener(squatter).endpoint().namespace()).isEqualTo(UNIT);
      }
    } finally {
      real.remove();
    }
  }
}
