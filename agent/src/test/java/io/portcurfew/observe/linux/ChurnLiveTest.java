package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Stable sockets while two processes open and close others as fast as they can. The figures of the
 * promise: {@code -Dportcurfew.churn.sockets=5000 -Dportcurfew.churn.looks=500}.
 */
@EnabledOnOs(OS.LINUX)
class ChurnLiveTest {

  private static final int SOCKETS = Integer.getInteger("portcurfew.churn.sockets", 500);
  private static final int LOOKS = Integer.getInteger("portcurfew.churn.looks", 60);

  private static final String STABLE =
      """
      import resource
      resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
      kept = []
      for i in range(COUNT):
          kept.append(tcp('127.0.0.2'))
          u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.2', 0))
          kept.append(u)
      ready(*[os.fstat(s.fileno()).st_ino for s in kept])
      """
          .replace("COUNT", Integer.toString(SOCKETS));

  private static final String CHURN =
      """
      import random
      print('on', flush=True)
      if os.fork() == 0: random.seed(2)
      while True:
          opened = []
          for i in range(400):
              s = socket.socket(socket.AF_INET, random.choice((socket.SOCK_STREAM, socket.SOCK_DGRAM)))
              try:
                  s.bind(('127.0.0.3', random.randint(1024, 60000)))
                  if s.type == socket.SOCK_STREAM: s.listen(1)
                  opened.append(s)
              except OSError:
                  s.close()
          for s in opened: s.close()
      """;

  @Test
  void noStableSocketEverSeemsToCloseOrToOpen() throws Exception {
    try (PythonProcess stable = PythonProcess.run(STABLE);
        SocketTable table = new DiagTable("sock_diag", SockDiag.open());
        PythonProcess churn = PythonProcess.run(CHURN)) {
      assertThat(churn.pid()).isPositive();
      Set<Long> wanted = stable.words();
      assertThat(wanted).hasSize(2 * SOCKETS);
      List<String> wrong = new ArrayList<>();
      for (int look = 0; look < LOOKS; look++) {
        Set<Long> missing = new HashSet<>(wanted);
        int seen = 0;
        for (KernelSocket socket : table.look().sockets()) {
          missing.remove(socket.inode());
          seen += wanted.contains(socket.inode()) ? 1 : 0;
        }
        if (!missing.isEmpty() || seen != wanted.size()) {
          wrong.add("look " + look + " misses " + missing.size() + " and shows " + seen);
        }
      }
      assertThat(wrong).isEmpty();
    }
  }
}
