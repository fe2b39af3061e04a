package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketActivation;
import io.portcurfew.observe.linux.owner.SocketUnits;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Trilean;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that only keep a socket for somebody else. */
class StandInTest {

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "tcp, ::, 22, ssh@.service",
    "tcp, 0.0.0.0, 22, ssh@.service",
    "udp, ::, 22, ",
    "tcp, 127.0.0.1, 631, cups.service",
    "tcp, 0.0.0.0, 631, ",
    "udp, ::1, 611, other.service",
    "tcp, ::, 80, ",
  })
  void theServiceOfASocketUnitIsKnown(String protocol, String address, int port, String service)
      throws IOException {
    unit("usr/lib", "ssh", "[Socket]\nListenStream=22\nAccept=yes\n");
    unit("usr/lib", "cups", "[Socket]\nListenStream = 127.0.0.1:631\n");
    unit("etc", "mine", "[Socket]\nListenDatagram=[::1]:611\nService=other.service\n");
    unit("etc", "one", "[Socket]\nListenStream=80\n");
    unit("etc", "two", "[Socket]\nListenStream=80\n");
    Endpoint endpoint =
        new Endpoint(
            protocol.equals("tcp") ? Protocol.TCP : Protocol.UDP,
            Address.parse(address).orElseThrow(),
            port);
    SocketActivation unit = new SocketUnits(root).activation(endpoint);
    assertThat(unit == null ? null : unit.service().toString()).isEqualTo(service);
  }

  @Test
  void unitOfTheAdmin_hidesTheShippedOne() throws IOException {
    unit("usr/lib", "ssh", "[Socket]\nListenStream=22\n");
    unit("etc", "ssh", "[Socket]\nListenStream=2222\n");
    SocketUnits units = new SocketUnits(root);
    assertThat(units.activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 22))).isNull();
    assertThat(units.activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 2222)))
        .hasToString("ssh.socket (ssh.service)");
  }

  @Test
  void aliasOfAUnit_isNoSecondUnit() throws IOException {
    unit("usr/lib", "ssh", "[Socket]\nListenStream=22\n");
    Path folder = Files.createDirectories(root.resolve("etc/systemd/system"));
    Files.createSymbolicLink(
        folder.resolve("sshd.socket"), root.resolve("usr/lib/systemd/system/ssh.socket"));
    assertThat(new SocketUnits(root).activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 22)))
        .hasToString("ssh.socket (ssh.service)");
  }

  @Test
  void dropIn_replacesTheAddresses() throws IOException {
    unit("usr/lib", "ssh", "[Socket]\nListenStream=22\n");
    Path folder = root.resolve("run/systemd/generator/ssh.socket.d");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("addresses.conf"), "[Socket]\nListenStream=\nListenStream=[::]:2222\n");
    SocketUnits units = new SocketUnits(root);
    assertThat(units.activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 22))).isNull();
    assertThat(units.activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 2222)))
        .hasToString("ssh.socket (ssh.service)");
  }

  @Test
  void fileThatOthersMayWrite_provesNothing() throws IOException {
    unit("usr/lib", "ssh", "[Socket]\nListenStream=22\n");
    Path file = root.resolve("usr/lib/systemd/system/ssh.socket");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(new SocketUnits(root).activation(new Endpoint(Protocol.TCP, Address.ANY_IPV6, 22)))
        .isNull();
  }

  @Test
  void systemdBesideItsUnit_isNoOwner() {
    SocketActivation unit =
        new SocketActivation(HostText.of("ssh.socket"), HostText.of("ssh.service"));
    Owner systemd = Owner.of(1);
    Owner sshd = inUnit(600, "ssh.service");
    Owner shell = inUnit(666, "evil.service");
    OwnerTerm term = new OwnerTerm(null, null, "ssh.service", null, null, null);
    assertThat(SocketUnits.holders(List.of(systemd, sshd), unit))
        .extracting(Owner::pid)
        .containsExactly(600);
    assertThat(SocketUnits.holders(List.of(systemd), unit))
        .allMatch(owner -> term.accepts(owner) == Trilean.YES);
    assertThat(SocketUnits.holders(List.of(systemd, shell), unit))
        .containsExactly(systemd, shell)
        .noneMatch(owner -> term.accepts(owner) == Trilean.YES);
  }

  private static Owner inUnit(int pid, String unit) {
    HostText name = HostText.of(unit);
    return Owner.of(pid).with(OwnerDetails.builder().unit(name).build());
  }

  private void unit(String base, String name, String text) throws IOException {
    Path folder = Files.createDirectories(root.resolve(base + "/systemd/system"));
    Files.writeString(folder.resolve(name + ".socket"), text);
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/docker-proxy, -proto tcp -container-ip 172.17.0.2 -container-port 80, 172.17.0.2:80",
    "/usr/bin/docker-proxy, -container-ip fd00::2 -container-port 80, [fd00::2]:80",
    "/usr/bin/docker-proxy, -container-ip, ",
    "/usr/bin/docker-proxy, -container-port 80, ",
    "/usr/bin/python3, -container-ip 172.17.0.2 -container-port 80, ",
  })
  void theTargetOfDockerProxyIsInItsArguments(String program, String arguments, String target) {
    byte[] line = ("x " + arguments + " ").replace(' ', '\0').getBytes(StandardCharsets.UTF_8);
    byte[] path = program.getBytes(StandardCharsets.UTF_8);
    assertThat(Objects.toString(DockerProxy.target(path, line), null)).isEqualTo(target);
  }
}
