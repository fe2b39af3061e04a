package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kernel reports listeners that no scan could see. */
@LiveHost
class PerfSourceLiveTest {

  /** A port of its own: the events of the whole machine are shown. */
  private static final int PORT = 18_611;

  private static final String FORMAT = "sys/kernel/tracing/events/sock/inet_sock_set_state/format";

  private static final Path PYTHON_FILE = Path.of("/usr/bin/python3");

  private static final String BRIEF =
      """
      import socket, sys, time
      s = socket.socket(socket.%s)
      s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      s.bind(('%s', %d)); s.listen(); time.sleep(0.001); s.close()
      """;

  @BeforeEach
  void needs() {
    Requirement.root();
    Requirement.program("python3");
  }

  private static PerfSource open() {
    try {
      return PerfSource.open();
    } catch (KernelException refused) {
      Requirement.that(false, "perf events (" + refused.getMessage() + ")");
      throw new IllegalStateException(refused);
    }
  }

  private static ProgramRings openPrograms() throws KernelException {
    PerfSource needed = open();
    needed.close();
    return ProgramRings.open();
  }

  private static List<SocketChange> drained(PerfSource source) {
    List<SocketChange> all = new ArrayList<>();
    source.drain(all::add);
    all.removeIf(change -> change.port() != PORT);
    return all;
  }

  /** The facts of the process of each change. */
  private static List<ProcessFacts> facts(PerfSource source, ProgramRings programs) {
    List<SocketChange> changes = drained(source);
    programs.look();
    return changes.stream().map(change -> programs.at(change.pid(), change.at())).toList();
  }

  private static void openFor1Ms(String family, String address) throws Exception {
    String script = BRIEF.formatted(family, address, PORT);
    assertThat(Tool.run("env", "/usr/bin/python3", "-c", script).output()).isEmpty();
  }

  @Test
  void listenerOf1ms_isReportedWithTheProgramOfItsEndedProcess() throws Exception {
    try (PerfSource source = open();
        ProgramRings programs = openPrograms()) {
      Duration before = Ticker.SYSTEM.elapsed();
      openFor1Ms("AF_INET", "127.0.0.1");
      Duration most = Ticker.SYSTEM.since(before);
      List<SocketChange> changes = drained(source);
      assertThat(changes).extracting(SocketChange::opened).containsExactly(true, false);
      SocketChange opened = changes.get(0);
      assertThat(opened.address()).hasToString("127.0.0.1");
      assertThat(opened.socket()).isNotZero().isEqualTo(changes.get(1).socket());
      assertThat(changes.get(1).at().minus(opened.at())).isBetween(Duration.ofMillis(1), most);
      programs.look();
      ProcessFacts facts = programs.at(opened.pid(), opened.at());
      Program program = facts.program();
      assertThat(program).isNotNull();
      assertThat(program.path()).isEqualTo(PYTHON_FILE.toRealPath().toString());
      assertThat(facts.network()).isEqualTo(inode("net"));
      assertThat(facts.mounts()).isEqualTo(inode("mnt"));
      assertThat(source.lost()).isZero();
    }
  }

  private static long inode(String namespace) throws Exception {
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns", namespace)).toString();
    return Long.parseLong(link.replaceAll("\\D", ""));
  }

  /** As in a pid namespace whose /proc is still that of the host. */
  @Test
  void whereProcHasOtherNumbers_noProcessIsNamed(@TempDir Path root) throws Exception {
    for (String file : List.of("sys/devices/system/cpu/online", FORMAT)) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), Files.readString(Path.of("/", file)));
    }
    Path self = Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(self.resolve("status"), "Name:\tx\nNSpid:\t4711\t2\n");
    try (PerfSource source = PerfSource.open(new ProcFs(root))) {
      openFor1Ms("AF_INET", "127.0.0.1");
      List<SocketChange> changes = drained(source);
      assertThat(changes).extracting(SocketChange::pid).containsExactly(0, 0);
      assertThat(changes.get(0).isOfUnknownOrigin()).isTrue();
      assertThat(source.limit()).isNotEmpty();
    }
  }

  /** It ran before the sources were opened, so the kernel reported nothing of it until then. */
  @Test
  void programThatAnUnknownOneExecutesAfterwards_isNotTheOwner() throws Exception {
    Requirement.root();
    String script =
        """
        print(flush=True); sys.stdin.readline()
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('127.0.0.1', %d)); s.listen(); s.close()
        print(flush=True); os.execv('/usr/bin/sleep', ['sleep', '3600'])
        """
            .formatted(PORT);
    open().close();
    try (PythonProcess python = PythonProcess.run(script);
        OpenSources sources = OpenSources.of(EventSettings.AUTO, OpenSources.NONE)) {
      python.proceed();
      ProcFs proc = new ProcFs(Path.of("/"));
      Daemon.until("it executes the other program", () -> runsSleep(proc, python.pid()));
      assertThat(sources.drain().read(proc))
          .filteredOn(seen -> seen.change().port() == PORT && seen.change().opened())
          .extracting(OpenSources.SeenChange::process)
          .singleElement()
          .satisfies(
              process -> {
                assertThat(process.pid()).isEqualTo(python.pid());
                assertThat(process.path()).isNull();
                assertThat(process.name()).isNull();
                assertThat(process.startTicks()).isNotNull();
              });
    }
  }

  private static boolean runsSleep(ProcFs proc, int pid) {
    byte[] link = proc.link("proc/" + pid + "/exe");
    return link != null && new String(link, StandardCharsets.UTF_8).endsWith("/sleep");
  }

  @Test
  void programThatIsExecutedAfterwards_isNotTheOwner() throws Exception {
    String script = BRIEF.formatted("AF_INET", "127.0.0.1", PORT);
    String then = "import os; os.execv('/bin/true', ['true'])\n";
    try (PerfSource source = open();
        ProgramRings programs = openPrograms()) {
      assertThat(Tool.run("env", "/usr/bin/python3", "-c", script + then).output()).isEmpty();
      String python = PYTHON_FILE.toRealPath().toString();
      assertThat(facts(source, programs))
          .extracting(facts -> facts.program() == null ? "" : facts.program().path())
          .containsExactly(python, python);
    }
  }

  @Test
  void lostPrograms_leaveNoProgramThatMayBeAnother() throws Exception {
    String many = "import os\nfor i in range(1500): os.spawnv(os.P_WAIT, '/bin/true', ['true'])\n";
    String script = many + BRIEF.formatted("AF_INET", "127.0.0.1", PORT);
    try (PerfSource source = open();
        ProgramRings programs = openPrograms()) {
      assertThat(Tool.run("env", "/usr/bin/python3", "-c", script).output()).isEmpty();
      assertThat(facts(source, programs)).containsExactly(ProcessFacts.NONE, ProcessFacts.NONE);
      List<ProcessFacts> again = List.of(ProcessFacts.NONE);
      for (int i = 0; i < 10 && again.contains(ProcessFacts.NONE); i++) {
        programs.finish();
        openFor1Ms("AF_INET", "127.0.0.1");
        again = facts(source, programs);
      }
      assertThat(again).allSatisfy(facts -> assertThat(facts.program()).isNotNull());
    }
  }

  @Test
  void listenerOverIpv6_hasItsWholeAddress() throws Exception {
    try (PerfSource source = open()) {
      openFor1Ms("AF_INET6", "::1");
      assertThat(drained(source))
          .extracting(change -> change.address().toString())
          .containsExactly("::1", "::1");
    }
  }

  @Test
  void thousandAcceptedConnections_areNoEvents() throws Exception {
    String churn =
        """
        import socket
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('127.0.0.1', %d)); s.listen()
        for i in range(1000):
            c = socket.create_connection(s.getsockname()); a, _ = s.accept(); a.close(); c.close()
        """
            .formatted(PORT);
    try (PerfSource source = open()) {
      assertThat(Tool.run("env", "/usr/bin/python3", "-c", churn).output()).isEmpty();
      assertThat(drained(source)).hasSize(2);
    }
  }

  @Test
  void lossOfAFlood_isTheExactNumber() throws Exception {
    String flood =
        """
        import socket
        for i in range(3000):
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(('127.0.0.1', %d)); s.listen(); s.close()
        """
            .formatted(PORT);
    try (PerfSource source = open()) {
      assertThat(Tool.run("env", "/usr/bin/python3", "-c", flood).output()).isEmpty();
      List<SocketChange> all = new ArrayList<>();
      source.drain(all::add);
      long others = all.stream().filter(change -> change.port() != PORT).count();
      assertThat(all.size() + source.lost()).isBetween(6000L, 6000L + others + 100);
      assertThat(source.lost()).isPositive();
    }
  }
}
