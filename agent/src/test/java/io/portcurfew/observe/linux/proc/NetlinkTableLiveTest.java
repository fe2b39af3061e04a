package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@LiveHost
class NetlinkTableLiveTest {

  private static final String NETLINK =
      """
      all = [socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) for _ in range(900)]
      for s in all:
          s.bind((0, 0))
      ready(os.fstat(all[0].fileno()).st_ino, os.fstat(all[-1].fileno()).st_ino)
      """;

  @Test
  void tableAbove64KiB_isReadToItsEnd() throws Exception {
    try (PythonProcess python = PythonProcess.run(NETLINK)) {
      ProcFs proc = new ProcFs(Path.of("/"));
      byte[] table = proc.readWhole("proc/" + python.pid() + "/net/netlink", 1 << 20);
      assertThat(table).hasSizeGreaterThan(64 * 1024);
      assertThat(ProcText.netlinkInodes(table))
          .contains((long) python.word(0), (long) python.word(1));
    }
  }
}
