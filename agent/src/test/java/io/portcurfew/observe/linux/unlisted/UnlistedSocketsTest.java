package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.StubExecutor;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class UnlistedSocketsTest {

  private static final long NO_SOCKET = 1L << 40;

  /** Beyond the largest id of a process (pid_max in proc_sys_kernel(5)). */
  private static final int NO_PROCESS = 1 << 30;

  private static final String FAILED =
      "sockets could not be compared with the tables of the network namespaces";

  private Duration now = Duration.ZERO;

  private static HeldInode socket(long inode, int pid, long user) {
    return new HeldInode(inode, pid, 3, "UDP", user, Duration.ZERO);
  }

  @Test
  void unlistedSockets_areOneGapForEachUser() {
    Map<HeldInode, HostText> unlisted = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      unlisted.put(socket(i, 5000 + i, 1000), HostText.of("evil\n"));
    }
    unlisted.put(socket(900, 7, 65534), HostText.of("python3"));
    List<Gap> gaps = UnlistedSockets.gaps("sock_diag", unlisted);
    assertThat(gaps).hasSize(2).noneMatch(Gap::hidesListeners);
    assertThat(gaps.get(0).why()).startsWith("300 sockets of uid 1000").hasSizeLessThan(400);
    assertThat(gaps.get(0).why()).doesNotContain("\n");
    assertThat(gaps.get(1).why()).startsWith("1 socket of uid 65534").contains("UDP of python3[7]");
    assertThat(gaps.get(1).cause()).isEqualTo(Gap.Cause.SOCKETS_UNLISTED);
  }

  @Test
  void usersBeyondTheBound_areCounted() {
    Map<HeldInode, HostText> unlisted = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      unlisted.put(socket(i, 5000, 1000 + i % 10), HostText.of("evil"));
    }
    List<Gap> gaps = UnlistedSockets.gaps("sock_diag", unlisted);
    assertThat(gaps).hasSize(9);
    assertThat(gaps.get(8).why()).startsWith("4 sockets of 2 more users that no table");
  }

  @Test
  void comparisonWithoutAThread_isAGapAndComesAgain() {
    SteppedThread thread = new SteppedThread();
    try (UnlistedSockets sockets = withOneSocket(thread)) {
      thread.refuses = true;
      assertThat(nextLook(sockets)).extracting(Gap::why).containsExactly(FAILED);
      assertThat(sockets.isComparing()).isFalse();
      thread.refuses = false;
      nextLook(sockets);
      assertThat(nextLook(sockets)).isEmpty();
      assertThat(sockets.isKnown(NO_SOCKET)).isFalse();
    }
  }

  @Test
  void comparisonWithABug_isAGapAndComesAgain() {
    SteppedThread thread = new SteppedThread();
    try (UnlistedSockets sockets = withOneSocket(thread)) {
      thread.fails = true;
      nextLook(sockets);
      assertThat(nextLook(sockets)).extracting(Gap::why).containsExactly(FAILED);
      assertThat(sockets.isKnown(NO_SOCKET)).isTrue();
      thread.fails = false;
      nextLook(sockets);
      assertThat(nextLook(sockets)).isEmpty();
    }
  }

  @Test
  void comparisonThatHangs_isAGap() {
    SteppedThread thread = new SteppedThread();
    try (UnlistedSockets sockets = withOneSocket(thread)) {
      thread.hangs = true;
      assertThat(nextLook(sockets)).isEmpty();
      assertThat(sockets.isComparing()).isTrue();
      now = now.plus(UnlistedSockets.LATE);
      assertThat(nextLook(sockets)).extracting(Gap::why).containsExactly(FAILED);
    }
  }

  @Test
  void closedSocket_mayBeAddedAgain() {
    try (UnlistedSockets sockets = withOneSocket(new SteppedThread())) {
      nextLook(sockets);
      nextLook(sockets);
      assertThat(sockets.isKnown(NO_SOCKET)).isFalse();
      sockets.add(socket(NO_SOCKET, NO_PROCESS, 1000));
      assertThat(sockets.isKnown(NO_SOCKET)).isTrue();
    }
  }

  private UnlistedSockets withOneSocket(SteppedThread thread) {
    Ticker ticker =
        () -> {
          if (thread.fails && thread.runs) {
            throw new IllegalStateException("a bug");
          }
          return now;
        };
    UnlistedSockets sockets = new UnlistedSockets(new ProcFs(Path.of("/")), ticker, thread);
    sockets.add(socket(NO_SOCKET, NO_PROCESS, 1000));
    return sockets;
  }

  private List<Gap> nextLook(UnlistedSockets sockets) {
    now = now.plus(UnlistedSockets.BETWEEN);
    return sockets.look("sock_diag", () -> new int[0]);
  }

  /** Runs each task at once. */
  private static final class SteppedThread extends StubExecutor {
    private boolean hangs;
    private boolean refuses;
    private boolean fails;
    private boolean runs;

    @Override
    public void execute(Runnable task) {
      if (refuses) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      if (!hangs) {
        runs = true;
        task.run();
        runs = false;
      }
    }
  }
}
