package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.View;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.HeavyLoad;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The first look beside many processes, 10,000 sockets and a listener that no process holds. As
 * many processes as the property {@code portcurfew.processes} says.
 */
@EnabledOnOs(OS.LINUX)
@HeavyLoad
@Timeout(600)
class ManyProcessesLoadTest {

  private static final int PROCESSES = Integer.getInteger("portcurfew.processes", 2_000);

  private static final String MANY =
      """
      import resource, time
      resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
      for i in range(PROCESSES):
          if os.fork() == 0:
              libc.prctl(1, signal.SIGKILL)
              os.closerange(3, 64)
              signal.pause()
      left, right = socket.socketpair()
      orphan = tcp('127.0.0.1', 0)
      port = orphan.getsockname()[1]
      socket.send_fds(left, [b'.'], [orphan.fileno()])
      orphan.close()
      all = []
      for i in range(10000):
          s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          s.bind(('127.0.%d.%d' % (7 + i // 250, 1 + i % 250), 18613))
          all.append(s)
      ready(port)
      """;

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @Test
  void firstLookIsBounded_andFindsOwnersLater() throws Exception {
    String script = MANY.replace("PROCESSES", Integer.toString(PROCESSES));
    try (PythonProcess python = PythonProcess.run(script);
        LinuxSource source = LinuxSource.ofHost()) {
      Duration before = used();
      View first = source.look();
      Duration took = used().minus(before);
      assertThat(first.listeners()).filteredOn(one -> one.endpoint().port() == 18613).isNotEmpty();
      assertThat(orphan(first, python.word(0))).hasSize(1);
      assertThat(took).as("processor time of the first look").isLessThan(Duration.ofSeconds(4));
      int looks = 1;
      View view = first;
      while (hasUnsearched(view, python.word(0)) && looks < 100) {
        view = source.look();
        looks++;
      }
      assertThat(hasUnsearched(view, python.word(0))).as("after %d looks", looks).isFalse();
      System.out.printf(
          "%d processes: the first look took %d ms of a processor, the search ended in look %d%n",
          PROCESSES, took.toMillis(), looks);
    }
  }

  /** The processor time of this thread: the machine of a test may be busy. */
  private static Duration used() {
    return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private static List<Listener> orphan(View view, int port) {
    return view.listeners().stream().filter(one -> one.endpoint().port() == port).toList();
  }

  /** True if the search for the holder of one of our sockets goes on. */
  private static boolean hasUnsearched(View view, int port) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port || one.endpoint().port() == 18613)
        .anyMatch(one -> one.unknownOwner() == UnknownOwner.NOT_YET);
  }
}
