package io.portcurfew.observe.linux.owner;

import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.SocketActivation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Unit files as Debian's and Ubuntu's openssh-server ship them, and what a host makes of them. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SocketUnitsTest {

  private static final String DEBIAN_SSH =
      """
      [Unit]
      Description=OpenBSD Secure Shell server socket
      Before=sockets.target ssh.service
      ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

      [Socket]
      ListenStream=22
      Accept=no

      [Install]
      WantedBy=sockets.target
      """;

  /** Written by sshd-socket-generator of Ubuntu 24.04. */
  private static final String UBUNTU_ADDRESSES =
      """
      [Socket]
      ListenStream=
      ListenStream=0.0.0.0:2222
      ListenStream=[::]:2222
      """;

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String unit(Endpoint at) {
    SocketActivation found = new SocketUnits(root).activation(at);
    return found == null ? "none" : found.socket() + " " + found.service();
  }

  @Test
  void debianSshIsFoundOnEveryAddress() throws IOException {
    write("usr/lib/systemd/system/ssh.socket", DEBIAN_SSH);
    assertThat(unit(tcp("::", 22))).isEqualTo("ssh.socket ssh.service");
    assertThat(unit(tcp("127.0.0.1", 22))).isEqualTo("none");
    assertThat(unit(tcp("::", 2222))).isEqualTo("none");
  }

  @Test
  void dropInOfAGeneratorReplacesTheAddresses() throws IOException {
    write("usr/lib/systemd/system/ssh.socket", DEBIAN_SSH);
    write("run/systemd/generator/ssh.socket.d/addresses.conf", UBUNTU_ADDRESSES);
    assertThat(unit(tcp("::", 22))).isEqualTo("none");
    assertThat(unit(tcp("0.0.0.0", 2222))).isEqualTo("ssh.socket ssh.service");
    assertThat(unit(tcp("::", 2222))).isEqualTo("ssh.socket ssh.service");
  }

  @Test
  void twoUnitsForOneEndpoint_giveNone() throws IOException {
    write("usr/lib/systemd/system/ssh.socket", DEBIAN_SSH);
    write("etc/systemd/system/evil.socket", "[Socket]\nListenStream=22\nService=shell.service\n");
    assertThat(unit(tcp("::", 22))).isEqualTo("none");
  }

  @Test
  void acceptYes_startsAServicePerConnection() throws IOException {
    write("etc/systemd/system/echo.socket", "[Socket]\nListenStream=7\nAccept=yes\n");
    assertThat(unit(tcp("::", 7))).isEqualTo("echo.socket echo@.service");
  }

  @Test
  void folderThatOthersMayWriteIsNotTrusted() throws IOException {
    write("usr/lib/systemd/system/ssh.socket", DEBIAN_SSH);
    Files.setPosixFilePermissions(
        root.resolve("usr/lib/systemd/system"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(unit(tcp("::", 22))).isEqualTo("none");
  }

  private static Owner owner(int pid, String unit) {
    Owner named = new Owner(pid, HostText.of("p"), null, HostText.of("root"), null);
    return named.with(OwnerDetails.builder().unit(HostText.of(unit)).build());
  }

  @Test
  void systemdBesideItsServiceIsOneOwner() {
    SocketActivation ssh =
        new SocketActivation(HostText.of("ssh.socket"), HostText.of("ssh.service"));
    Owner systemd = owner(1, "init.scope");
    Owner sshd = owner(700, "ssh.service");
    Owner shell = owner(900, "evil.service");
    assertThat(SocketUnits.holders(List.of(systemd), ssh))
        .extracting(Owner::pid)
        .containsExactly(1);
    assertThat(SocketUnits.holders(List.of(systemd, sshd), ssh))
        .extracting(Owner::pid, one -> one.details().activation())
        .containsExactly(org.assertj.core.api.Assertions.tuple(700, ssh));
    assertThat(SocketUnits.holders(List.of(systemd, sshd, shell), ssh))
        .containsExactly(systemd, sshd, shell);
  }
}
