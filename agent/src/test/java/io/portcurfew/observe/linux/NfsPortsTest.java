package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NfsPortsTest {

  @TempDir Path root;

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void portsOfTheServerAndOfTheLockManagerAreRead() throws IOException {
    write("proc/fs/nfsd/portlist", "tcp 2049\nudp 2049\nrdma 20049\n");
    write("proc/sys/fs/nfs/nlm_tcpport", "32803\n");
    NfsPorts ports = NfsPorts.read(new ProcFs(root));
    assertThat(ports.holder("tcp", 2049)).isEqualTo("nfsd");
    assertThat(ports.holder("udp", 2049)).isEqualTo("nfsd");
    assertThat(ports.holder("tcp", 32803)).isEqualTo("lockd");
    assertThat(ports.holder("udp", 32803)).isNull();
    assertThat(ports.holder("tcp", 2050)).isNull();
  }

  @Test
  void portOfTheServerIsNotOneOfTheLockManager() throws IOException {
    write("proc/fs/nfsd/portlist", "tcp 2049\n");
    write("proc/sys/fs/nfs/nlm_tcpport", "2049\n");
    assertThat(NfsPorts.read(new ProcFs(root)).holder("tcp", 2049)).isEqualTo("nfsd");
  }

  @Test
  void hostWithoutNfsHasNoPorts() {
    assertThat(NfsPorts.read(new ProcFs(root)).modules()).isEmpty();
  }
}
