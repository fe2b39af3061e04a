package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SocketProtocolTest {

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2 | Libc.O_CLOEXEC;
  private static final int OWN = (int) ProcessHandle.current().pid();

  private final ProcFs proc = new ProcFs(Path.of("/"));
  private final SocketProtocol protocols = new SocketProtocol(proc);
  private int socket;
  private FileId id;

  @BeforeEach
  void open() {
    socket = Libc.socket(AF_INET, SOCK_DGRAM, 0);
    id = proc.file(socket);
  }

  @AfterEach
  void close() {
    proc.close(socket);
  }

  @Test
  void heldSocket_hasItsProtocolAndCreator() {
    assertThat(protocols.of(id.inode(), OWN, socket))
        .isEqualTo(new SocketProtocol.CreatedSocket("UDP", id.uid()));
  }

  @Test
  void anotherSocketAtTheDescriptor_isNotAsked() {
    assertThat(protocols.of(id.inode() + 1_000_000, OWN, socket)).isNull();
  }

  @Test
  void fileAtTheDescriptor_isNotAsked() {
    int file = proc.open("usr", Libc.O_RDONLY);
    try {
      assertThat(protocols.of(proc.file(file).inode(), OWN, file)).isNull();
    } finally {
      proc.close(file);
    }
  }

  @Test
  void closedDescriptor_isNull() {
    int closed = Libc.socket(AF_UNIX, SOCK_DGRAM, 0);
    long inode = proc.file(closed).inode();
    proc.close(closed);
    assertThat(protocols.of(inode, OWN, closed)).isNull();
  }
}
