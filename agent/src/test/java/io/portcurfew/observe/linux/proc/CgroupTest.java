package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupTest {

  private static final String ID = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "0::/system.slice/nginx.service, nginx.service, ",
    "0::/system.slice/system-getty.slice/getty@tty1.service, getty@tty1.service, ",
    "0::/init.scope, init.scope, ",
    "0::/, , ",
    "0::/user.slice/user-1000.slice/session-3.scope, session-3.scope, ",
    "0::/system.slice/docker-ID.scope, , ID",
    "9:name=systemd:/docker/ID, , ID",
    "4:memory:/docker/ID, , ID",
    "0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-ID.scope, , ID",
    "1:cpu:/kubepods/burstable/pod12-34/ID, , ID",
    "0::/kubepods.slice/crio-ID.scope, , ID",
    "0::/machine.slice/libpod-ID.scope/container, , ID",
    "0::/machine.slice/libpod-conmon-ID.scope, libpod-conmon-ID.scope, ",
    "0::/system.slice/docker-ID.scope/system.slice/sshd.service, sshd.service, ID",
    "0::/lxc.payload.web/system.slice/sshd.service, sshd.service, web",
  })
  void theGroupTellsUnitAndContainer(String line, String unit, String container) {
    Cgroup group = Cgroup.parse((line.replace("ID", ID) + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(Objects.toString(group.unit(), null)).isEqualTo(full(unit));
    assertThat(Objects.toString(group.container(), null)).isEqualTo(full(container));
  }

  @ParameterizedTest
  @CsvSource({
    "0::/user.slice/user@1000.service/app.slice/sshd.service, user@1000.service/sshd.service",
    "0::/system.slice/a.service/b.service/nginx.service, a.service/nginx.service",
  })
  void aUnitThatAUserNamedNeverLooksLikeOneOfTheSystem(String line, String unit) {
    assertThat(Cgroup.parse(line.getBytes(StandardCharsets.UTF_8)).unit()).hasToString(unit);
  }

  private static String full(String told) {
    return told == null ? null : told.replace("ID", ID);
  }
}
