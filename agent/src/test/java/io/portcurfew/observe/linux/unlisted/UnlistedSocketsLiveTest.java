package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sockets of unprivileged processes, compared with the tables of the network namespaces. */
@EnabledOnOs(OS.LINUX)
@LiveHost
@Timeout(600)
class UnlistedSocketsLiveTest {

  static final String AS_NOBODY =
      "os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n";

  private static final List<String> SETPRIV =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private static final String PLACE_OF =
      "place = lambda *all: [n for s in all for n in (s.fileno(), os.fstat(s.fileno()).st_ino)]\n";

  private static final String WITHOUT_ADDRESS =
      PLACE_OF + "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); ready(*place(s))";

  /**
   * A child opens a socket of a type in a namespace of its own, sends it to its parent and does
   * something; then its parent does so.
   */
  static final String PASSED =
      AS_NOBODY
          + PLACE_OF
          + """
      plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      plain.bind(('127.0.0.1', 0))
      ours, theirs = socket.socketpair()
      child = os.fork()
      if child == 0:
          assert not libc.unshare(0x50000000)
          s = socket.socket(socket.AF_INET, socket.SOCK_%s)
          s.bind(('0.0.0.0', 18612))
          socket.send_fds(theirs, [b'.'], [s.fileno()])
          %s
      kept = socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0])
      %s
      ready(*place(kept, plain), child)
      """;

  private static final String ENDS = "os._exit(0)";
  private static final String LIVES = "signal.pause()";

  @TempDir private Path folder;
  private Duration now = Ticker.SYSTEM.elapsed();
  private final UnlistedSockets unlisted =
      new UnlistedSockets(new ProcFs(Path.of("/")), () -> now, Threads.SYSTEM.oneByOne("compared"));

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    unlisted.close();
  }

  /** The gaps after a comparison of sockets, each by the place of its inode in the first line. */
  private List<Gap> compared(PythonProcess python, int... places) throws Exception {
    for (int place : places) {
      unlisted.add(python.word(place), python.pid(), python.word(place - 1));
      assertThat(unlisted.isKnown(python.word(place))).isTrue();
    }
    assertThat(unlisted.look("sock_diag", () -> new int[0])).as("not settled").isEmpty();
    return comparedWith(new int[0]);
  }

  /** The gaps of the next comparison. */
  private List<Gap> comparedWith(int... members) throws Exception {
    now = now.plus(UnlistedSockets.BETWEEN);
    List<Gap> gaps = unlisted.look("sock_diag", () -> members);
    while (unlisted.isComparing()) {
      Thread.sleep(5);
      gaps = unlisted.look("sock_diag", () -> members);
    }
    return gaps;
  }

  @Test
  void socketThatNoTableLists_isAGap() throws Exception {
    try (PythonProcess python = PythonProcess.run(PASSED.formatted("DGRAM", ENDS, "os.wait()"))) {
      assertThat(compared(python, 1, 3))
          .extracting(Gap::why)
          .singleElement()
          .asString()
          .startsWith("1 socket of uid 65534 ")
          .contains("UDP of python3[" + python.pid() + "]");
    }
  }

  /** As a browser or slirp4netns holds sockets of its sandbox. */
  @Test
  void socketOfALivingSandbox_isNone() throws Exception {
    try (PythonProcess python = PythonProcess.run(PASSED.formatted("DGRAM", LIVES, "pass"))) {
      assertThat(compared(python, 1, 3)).as("its process is not known").hasSize(1);
      assertThat(comparedWith(python.word(4))).isEmpty();
    }
  }

  /** As a process of bubblewrap holds sockets that it got from outside, and its own. */
  @Test
  void socketsOfASandboxedProcess_areNone() throws Exception {
    String sandboxed =
        """
        given = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        given.bind(('127.0.0.1', 0))
        assert not libc.unshare(0x50000000)
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind(('0.0.0.0', 0))
        ready(*place(given, own))
        """;
    try (PythonProcess python = PythonProcess.run(AS_NOBODY + PLACE_OF + sandboxed)) {
      assertThat(compared(python, 1, 3)).isEmpty();
    }
  }

  /** As the process of sshd that runs as the user who logged in. */
  @Test
  void processThatGaveUpRoot_hasNone() throws Exception {
    String session =
        """
        server = tcp()
        client = socket.create_connection(server.getsockname())
        login = server.accept()[0]
        """;
    String forward = "forward = socket.create_connection(server.getsockname())\n";
    String ready = "ready(*place(forward, login))";
    try (PythonProcess python =
        PythonProcess.run(PLACE_OF + session + AS_NOBODY + forward + ready)) {
      assertThat(unlisted.add(python.word(3), python.pid(), python.word(2)))
          .as("root made the socket of the login")
          .isTrue();
      assertThat(compared(python, 1)).isEmpty();
    }
  }

  /** As a connection in a pool, which its program finds closed at its next use. */
  @Test
  void connectionThatThePeerResetLater_isNone() throws Exception {
    String pool =
        """
        import select, struct
        server = tcp()
        pooled, fresh = (socket.create_connection(server.getsockname()) for i in range(2))
        peers = [server.accept()[0] for i in range(2)]
        ready(*place(pooled, fresh))
        for peer in peers:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            peer.close()
        reset = select.poll()
        for client in (pooled, fresh): reset.register(client, 0)
        while len(reset.poll()) < 2: pass
        print('reset', flush=True)
        signal.pause()
        """;
    try (PythonProcess python = PythonProcess.run(AS_NOBODY + PLACE_OF + pool)) {
      assertThat(compared(python, 1)).isEmpty();
      assertThat(python.proceed()).isEqualTo("reset");
      assertThat(comparedWith()).isEmpty();
      assertThat(unlisted.isKnown(python.word(1))).isTrue();
      unlisted.add(python.word(3), python.pid(), python.word(2));
      assertThat(comparedWith()).as("it was not seen before").hasSize(1);
    }
    assertThat(comparedWith()).isEmpty();
  }

  /** As systemd-networkd, which systemd starts with this right, or a daemon that root starts. */
  @Test
  void socketOfANetworkDaemon_isNone() throws Exception {
    List<String> daemon =
        withWords(
            SETPRIV, "--inh-caps=+net_admin", "--ambient-caps=+net_admin", "/usr/bin/python3");
    try (PythonProcess python = PythonProcess.run(daemon, WITHOUT_ADDRESS)) {
      assertThat(compared(python, 1)).isEmpty();
    }
    String keepsTheRight =
        """
        libc.prctl(8, 1, 0, 0, 0)
        AS_NOBODY
        words = lambda *all: (ctypes.c_uint32 * len(all))(*all)
        assert not libc.capset(words(0x20080522, 0), words(1 << 12, 1 << 12, 0, 0, 0, 0))
        """
            .replace("AS_NOBODY\n", AS_NOBODY);
    try (PythonProcess python = PythonProcess.run(keepsTheRight + WITHOUT_ADDRESS)) {
      assertThat(compared(python, 1)).isEmpty();
    }
    try (PythonProcess python = PythonProcess.run(AS_NOBODY + WITHOUT_ADDRESS)) {
      assertThat(compared(python, 1)).hasSize(1);
    }
  }

  /** As dumpcap, which has the right of its file and runs for every user. */
  @Test
  void socketOfAProgramWithTheRightOfItsFile_isAGap() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path program = folder.resolve("dumpcap");
    String withRight =
        """
        import shutil, struct
        shutil.copy(os.path.realpath('/usr/bin/python3'), 'PROGRAM')
        os.chmod('PROGRAM', 0o755)
        # linux/capability.h, struct vfs_cap_data: VFS_CAP_REVISION_2, effective, CAP_NET_ADMIN.
        os.setxattr('PROGRAM', 'security.capability', struct.pack('<5I', 0x02000001, 1 << 12, 0, 0, 0))
        ready('made')
        """
            .replace("PROGRAM", program.toString());
    PythonProcess.run(withRight).close();
    List<String> asNobody = withWords(SETPRIV, program.toString());
    try (PythonProcess python = PythonProcess.run(asNobody, WITHOUT_ADDRESS)) {
      String rights = Files.readString(Path.of("/proc/" + python.pid() + "/status"));
      assertThat(rights).contains("CapEff:\t0000000000001000");
      assertThat(compared(python, 1)).hasSize(1);
    }
  }

  /** As root with all capabilities, as the program su that waits for a password. */
  @Test
  void socketOfAUserHeldBySu_isAGap() throws Exception {
    String held =
        """
        os.setresuid(65534, 65534, 0)
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        os.setresuid(0, 0, 0)
        ready(*place(s))
        """;
    try (PythonProcess python = PythonProcess.run(PLACE_OF + held)) {
      assertThat(compared(python, 1)).hasSize(1);
    }
  }

  private static List<String> withWords(List<String> command, String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    return all;
  }
}
