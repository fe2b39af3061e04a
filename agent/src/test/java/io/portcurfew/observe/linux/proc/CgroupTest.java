package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of /proc/PID/cgroup of a captured host; lines are separated by a bar. */
@EnabledOnOs(OS.LINUX)
class CgroupTest {

  private static final String ID = "0123456789abcdef".repeat(4);

  @TempDir private Path captured;

  private Cgroup read(String lines) {
    return new CgroupReader(new ProcFs(captured)).of(full(lines).replace('|', '\n') + "\n");
  }

  private void check(String lines, @Nullable String unit, @Nullable String container) {
    Cgroup group = read(lines);
    assertThat(Objects.toString(group.unit(), "")).isEqualTo(full(unit));
    assertThat(Objects.toString(group.container(), "")).isEqualTo(full(container));
  }

  private static String full(@Nullable String text) {
    return text == null ? "" : text.replace("ID", ID);
  }

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
    "0::/lxc.payload.web/docker/ID, , web",
    "0::/machine.slice/systemd-nspawn@web.service/payload/system.slice/a.service, a.service, web",
    "0::/machine.slice/machine-my\\x2dweb.scope/payload, , my-web",
    "0::/machine.slice/systemd-nspawn@web.service/supervisor, systemd-nspawn@web.service, ",
    "0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt, machine-qemu\\\\x2d1\\\\x2dvm.scope, ",
    "0::/system.slice/a.service/b.service/nginx.service, a.service/nginx.service, ",
    "0::/../../system.slice/nginx.service, nginx.service, ",
    "0::/system.slice/gone.service (deleted), , ",
  })
  void groupsOfRootNameUnitAndContainer(String line, String unit, String container) {
    check(line, unit, container);
  }

  @ParameterizedTest
  @CsvSource({
    "/user.slice/user-1000.slice/user@1000.service/app.slice/ssh.service, user@1000.service",
    "/user.slice/user-1000.slice/user@1000.service/docker-ID.scope, user@1000.service",
    "/user.slice/user-1000.slice/user@1000.service/lxc.payload.web, user@1000.service",
    "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope, user@1000.service",
    "/user.slice/user-1000.slice/session-3.scope/docker/ID, session-3.scope",
    "/user.slice/user-1000.slice/session-3.scope/ssh.service, session-3.scope",
    "/user.slice/user-1000.slice/odd/ssh.service, ",
    "/user/alice/0/lxc.payload.web, ",
    "/user/alice/ssh.service, ",
    "/user.slice/user-0.slice/user@0.service/app.slice/own.service, user@0.service/own.service",
  })
  void namesThatAUserChoseCountForNothing(String path, String unit) {
    check("0::" + path, unit, null);
    check("9:name=systemd:" + path + "|0::/", unit, null);
    check("4:memory:/|1:name=systemd:" + path + "|0::" + path, unit, null);
    check("7:freezer:" + path, unit, null);
  }

  @ParameterizedTest
  @CsvSource({
    "7:freezer:/lxc.payload.web|1:name=systemd:/user.slice/user-7.slice/session-3.scope|0::/",
    "7:freezer:/docker/ID|0::/user.slice/user-7.slice/session-3.scope",
    "1:name=systemd:/user.slice/user-7.slice/session-3.scope|0::/docker/ID",
    "0::/docker/ID|1:name=systemd:/user.slice/user-7.slice/session-3.scope",
  })
  void theHierarchyOfSystemdDecides(String lines) {
    check(lines, "session-3.scope", null);
  }
}
