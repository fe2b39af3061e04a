package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.BusyFolder;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance of the tracing system as the command of the shipped drop-in makes it. */
@LiveHost
class TracefsSourceLiveTest {

  private static final int PORT = 18_621;
  private static final String NAME = "portcurfew-test-" + ProcessHandle.current().pid();
  private static final Path FOLDER = Path.of("/sys/kernel/tracing/instances", NAME);
  private static final String INSTANCE = FOLDER.toString().substring(1);

  private static final String OPEN =
      """
      import os, socket
      for i in range(%d):
          s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          s.bind(('127.0.0.1', %d)); s.listen(); s.close()
      print(os.getpid())
      """;

  @BeforeEach
  void make() throws Exception {
    Requirement.root();
    Requirement.program("python3");
    Requirement.that(Files.isDirectory(FOLDER.getParent()), "tracefs at /sys/kernel/tracing");
    // A test that failed may have left it.
    remove();
    String dropIn = Files.readString(Path.of("../systemd/portcurfew-tracefs.conf"));
    String script = dropIn.replace("\\\n", "").split("'", -1)[1].replace("portcurfew", NAME);
    Tool.Result made = Tool.run("sh", "-ec", script);
    assertThat(made.status()).as(made.output()).isZero();
  }

  @AfterEach
  void remove() throws Exception {
    if (Files.exists(FOLDER)) {
      BusyFolder.remove(FOLDER);
    }
  }

  private static int open(int times) throws Exception {
    Tool.Result done = Tool.run("env", "/usr/bin/python3", "-c", OPEN.formatted(times, PORT));
    assertThat(done.status()).as(done.output()).isZero();
    return Integer.parseInt(done.output().strip());
  }

  private static List<SocketChange> drained(TracefsSource source) {
    List<SocketChange> all = new ArrayList<>();
    List<SocketChange> some = new ArrayList<>();
    do {
      some.clear();
      source.drain(some::add);
      all.addAll(some);
    } while (!some.isEmpty());
    all.removeIf(change -> change.port() != PORT);
    return all;
  }

  @Test
  void briefListener_isReportedWithItsProcess() throws Exception {
    Duration before = Duration.ofNanos(System.nanoTime());
    try (TracefsSource source = TracefsSource.open(INSTANCE)) {
      int pid = open(1);
      List<SocketChange> changes = drained(source);
      assertThat(changes).extracting(SocketChange::opened).containsExactly(true, false);
      SocketChange opened = changes.get(0);
      boolean sees = Boolean.TRUE.equals(new ProcFs(Path.of("/")).isOfFirstPidNamespace());
      assertThat(opened.pid()).isEqualTo(sees ? pid : 0);
      assertThat(opened.address()).hasToString("127.0.0.1");
      assertThat(opened.socket()).isNotZero().isEqualTo(changes.get(1).socket());
      assertThat(opened.at()).isBetween(before, Duration.ofNanos(System.nanoTime()));
      assertThat(source.limit()).startsWith("without the programs");
    }
  }

  @Test
  void event_wakesTheReader() throws Exception {
    try (TracefsSource source = TracefsSource.open(INSTANCE);
        EventPoller poller = EventPoller.open()) {
      poller.use(source.descriptors());
      open(1);
      Duration before = Duration.ofNanos(System.nanoTime());
      poller.await(Duration.ofMinutes(2));
      assertThat(Duration.ofNanos(System.nanoTime()).minus(before))
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void oneCapability_isEnough() throws Exception {
    assertThat(
            ThreadRights.asNobody(
                () -> {
                  try (TracefsSource source = TracefsSource.open(INSTANCE)) {
                    open(1);
                    return drained(source);
                  }
                },
                ThreadRights.DAC_READ_SEARCH))
        .hasSize(2);
    assertThatThrownBy(() -> ThreadRights.asNobody(() -> TracefsSource.open(INSTANCE)))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("EACCES");
  }

  @Test
  void lossOfAFlood_isTheExactNumber() throws Exception {
    try (TracefsSource source = TracefsSource.open(INSTANCE)) {
      open(6000);
      List<SocketChange> all = new ArrayList<>();
      List<SocketChange> some = new ArrayList<>();
      do {
        some.clear();
        source.drain(some::add);
        all.addAll(some);
      } while (!some.isEmpty());
      source.adapt();
      long others = all.stream().filter(change -> change.port() != PORT).count();
      assertThat(source.lost()).isPositive();
      assertThat(all.size() + source.lost()).isBetween(12_000L, 12_000L + others + 100);
    }
  }

  @Test
  void instanceWithAnotherClock_isRefused() throws Exception {
    Files.writeString(FOLDER.resolve("trace_clock"), "local");
    assertThatThrownBy(() -> TracefsSource.open(INSTANCE))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("trace_clock")
        .hasMessageContaining("expected [mono]");
  }

  @Test
  void hostWithoutTheInstance_isRefused() {
    assertThatThrownBy(() -> TracefsSource.open(INSTANCE + "-none"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("ENOENT");
  }
}
