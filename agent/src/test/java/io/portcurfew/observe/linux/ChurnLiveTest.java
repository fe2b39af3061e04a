package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.netlink.DiagTable;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.tags.LiveHost;
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
@LiveHost
@EnabledOnOs(OS.LINUX)
class ChurnLiveTest {

  private static final int SOCKETS = Integer.getInteger("portcurfew.churn.sockets", 1_000);
  private static final int LOOKS = Integer.getInteger("portcurfew.churn.looks", 60);

  /** The search for the owner of a passing socket covers all processes, mostly in vain. */
  private static final int LOOKS_WITH_OWNERS = Integer.getInteger("portcurfew.churn.looks", 20);

  private static final String STABLE =
      """
      import resource
      resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
      kept = []
      for i in range(COUNT):
          kept.append(tcp('127.0.0.2'))
          u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.2', 0))
          kept.append(u)
      """
          .replace("COUNT", Integer.toString(SOCKETS));

  private static final String INODES = "ready(*[os.fstat(s.fileno()).st_ino for s in kept])";

  private static final String OWNED_BY_TWO =
      """
      heir = os.fork()
      if heir == 0: signal.pause()
      lines = [' '.join(map(str, (('udp', 'tcp')[s.type == socket.SOCK_STREAM],
               '%s:%d' % s.getsockname(), 'held by', [os.getpid(), heir]))) for s in kept]
      ready('\\n'.join([str(len(lines))] + lines))
      """;

  private static final String CHURN =
      """
      import random
      if os.getuid() == 0: os.setuid(65534)
      if os.fork() == 0: random.seed(2)
      libc.prctl(1, signal.SIGKILL)
      print('on', flush=True)
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
  void stableSocket_neverSeemsToChange() throws Exception {
    try (PythonProcess stable = PythonProcess.run(STABLE + INODES);
        SocketTable table = new DiagTable("sock_diag", SockDiag.open());
        PythonProcess churn = PythonProcess.run(CHURN)) {
      assertThat(churn.pid()).isPositive();
      Set<Long> wanted = stable.words();
      assertThat(wanted).hasSize(2 * SOCKETS);
      List<String> wrong = new ArrayList<>();
      for (int look = 0; look < LOOKS; look++) {
        Set<Long> missing = new HashSet<>(wanted);
        int seen = 0;
        for (KernelSocket socket : table.look(20_000).sockets()) {
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

  @Test
  void stableListener_neverSeemsToChangeOrLoseItsOwner() throws Exception {
    InNamespace here = new InNamespace("churn");
    try (PythonProcess stable = here.python(STABLE + OWNED_BY_TWO);
        LinuxSource source = PatientSource.ofHost();
        PythonProcess churn = here.python(CHURN)) {
      assertThat(churn.pid()).isPositive();
      Set<String> wanted = new HashSet<>(stable.lines());
      assertThat(wanted).hasSize(2 * SOCKETS);
      List<String> wrong = new ArrayList<>();
      Set<String> passing = new HashSet<>();
      int withoutGap = 0;
      for (int look = 0; look < LOOKS_WITH_OWNERS; look++) {
        Set<String> missing = new HashSet<>(wanted);
        View view = source.look();
        for (Listener listener : view.listeners()) {
          if (listener.endpoint().namespace().equals(here.name())) {
            String reported = reported(listener);
            if (reported.contains(" 127.0.0.3:")) {
              passing.add(reported);
            } else if (!missing.remove(reported)) {
              wrong.add("look " + look + " shows " + reported);
            }
          }
        }
        // A busy machine may leave no time for a part of a look, which then says so.
        if (PatientSource.hiding(view, here.name()).isEmpty()) {
          withoutGap++;
          for (String reported : missing) {
            wrong.add("look " + look + " misses " + reported);
          }
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(withoutGap).as("looks that claim to see all").isPositive();
      assertThat(passing).as("listeners that came and went").isNotEmpty();
    } finally {
      here.remove();
    }
  }

  private static String reported(Listener listener) {
    Endpoint endpoint = listener.endpoint();
    List<Integer> pids = listener.owners().stream().map(Owner::pid).toList();
    return endpoint.protocol()
        + " "
        + endpoint.address()
        + ":"
        + endpoint.port()
        + " held by "
        + pids;
  }
}
