package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Platform;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.file.HostFile;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Refuses each system call of a look in turn by a seccomp filter, with errors that nobody foresaw:
 * what is not seen then is a gap of its place, and no file is taken for another one.
 */
@EnabledOnOs(OS.LINUX)
@LiveHost
class RefusedCallsLiveTest {

  /** asm/unistd_64.h of x86_64, asm-generic/unistd.h of aarch64. */
  private static final Map<String, int[]> CALLS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("openat", new int[] {257, 56}),
              Map.entry("readlinkat", new int[] {267, 78}),
              Map.entry("statx", new int[] {332, 291}),
              Map.entry("getdents64", new int[] {217, 61}),
              Map.entry("read", new int[] {0, 63}),
              Map.entry("socket", new int[] {41, 198}),
              Map.entry("connect", new int[] {42, 203}),
              Map.entry("setsockopt", new int[] {54, 208}),
              Map.entry("sendto", new int[] {44, 206}),
              Map.entry("recvfrom", new int[] {45, 207}),
              Map.entry("ioctl", new int[] {16, 29}),
              Map.entry("poll", new int[] {7, 73}),
              Map.entry("epoll_create1", new int[] {291, 20}),
              Map.entry("epoll_ctl", new int[] {233, 21}),
              Map.entry("epoll_wait", new int[] {232, 22}),
              Map.entry("setns", new int[] {308, 268}),
              Map.entry("openat2", new int[] {437, 437}),
              Map.entry("pidfd_open", new int[] {434, 434})));

  private static final List<Integer> ERRORS =
      List.of(Errno.ENOSYS, Errno.EPERM, Errno.EAGAIN, Errno.EACCES, Errno.ENFILE);

  private static final String NAME = "portcurfew-refused-" + ProcessHandle.current().pid();
  private static final List<String> INSIDE =
      List.of("/usr/sbin/ip", "netns", "exec", NAME, PythonProcess.PYTHON.toString());

  private static final String LEFT_BEHIND =
      """
      here = os.open('/proc/self/ns/net', 0)
      assert not libc.setns(os.open('/run/netns/NAME', 0), 0x40000000)
      s = tcp('0.0.0.0', 611)
      assert not libc.setns(here, 0x40000000)
      ready(611)
      """
          .replace("NAME", NAME + "-idle");

  private boolean made;

  @BeforeEach
  void make() throws Exception {
    // A test that failed may have left it.
    remove();
    made = ip("add", NAME) == 0 && ip("add", NAME + "-idle") == 0;
    Requirement.that(made, "network namespaces of its own: root and iproute2");
  }

  @AfterEach
  void remove() throws Exception {
    ip("del", NAME);
    ip("del", NAME + "-idle");
  }

  private static int ip(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/sbin/ip", "netns"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** The classes are loaded before their files cannot be opened. */
  @BeforeAll
  static void loadClasses() throws Exception {
    Path classes =
        Path.of(LinuxSource.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(classes)) {
      loadClasses(classes);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(classes)) {
      loadClasses(jar.getPath("/"));
    }
  }

  private static void loadClasses(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root.resolve("io/portcurfew/observe"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.');
        Class.forName(name.substring(0, name.length() - ".class".length()));
      }
    }
  }

  @Test
  void refusedCall_isAGapOfItsPlace() throws Exception {
    try (PythonProcess host = PythonProcess.run("s = tcp('0.0.0.0', 611); ready(611)");
        PythonProcess inside = PythonProcess.run(INSIDE, "s = tcp('0.0.0.0', 611); ready(611)");
        PythonProcess left = PythonProcess.run(LEFT_BEHIND)) {
      List<String> broken = new ArrayList<>();
      Snapshot all = look("nothing", -1, 0, false).orElseThrow();
      assertThat(at611(all)).as(all.gaps().toString()).hasSize(3);
      for (Map.Entry<String, int[]> call : CALLS.entrySet()) {
        for (int errno : ERRORS) {
          int number = call.getValue()[Platform.isARM() ? 1 : 0];
          String what = call.getKey() + " " + Errno.describe(errno);
          look(what, number, errno, false).ifPresent(seen -> check(what, all, seen, broken));
          look(what, number, errno, true)
              .ifPresent(seen -> check(what + ", second look", all, seen, broken));
        }
      }
      assertThat(broken).isEmpty();
      assertThat(List.of(host.pid(), inside.pid(), left.pid())).doesNotHaveDuplicates();
    }
  }

  private static List<Listener> at611(Snapshot snapshot) {
    return snapshot.listeners().stream()
        .filter(one -> one.endpoint().port() == 611 && isOurs(one.endpoint().namespace()))
        .toList();
  }

  /** Other tests on the machine may listen there too, in namespaces of their own. */
  private static boolean isOurs(String namespace) {
    return namespace.equals(Endpoint.HOST) || namespace.startsWith(NAME);
  }

  private static void check(String what, Snapshot all, Snapshot seen, List<String> broken) {
    for (Listener one : at611(all)) {
      Endpoint endpoint = one.endpoint();
      boolean shown = seen.listeners().stream().anyMatch(l -> l.endpoint().equals(endpoint));
      if (!shown && seen.covers(endpoint)) {
        broken.add(what + ": " + endpoint + " is missing without a gap: " + seen.gaps());
      }
    }
    for (Listener one : at611(seen)) {
      for (Owner owner : one.owners()) {
        if (owner.executable() == null && Boolean.FALSE.equals(owner.details().elsewhere())) {
          broken.add(what + ": a file that was not seen is proven: " + owner);
        }
      }
    }
  }

  /**
   * A look of a thread with a filter of its own; nothing where it threw, which is a blind source.
   */
  private static Optional<Snapshot> look(String what, int call, int errno, boolean second)
      throws Exception {
    FutureTask<Optional<Snapshot>> task =
        new FutureTask<>(
            () -> {
              try (LinuxSource source = LinuxSource.ofHost()) {
                if (second) {
                  source.look();
                }
                if (call >= 0) {
                  RefusedCall.refuse(call, errno);
                }
                return Optional.of(snapshot(source.look()));
              } catch (RuntimeException thrown) {
                return Optional.empty();
              }
            });
    new Thread(task, what).start();
    return task.get(3, TimeUnit.MINUTES);
  }

  private static Snapshot snapshot(View view) {
    return PlainSnapshots.of(Instant.EPOCH, view);
  }

  @Test
  void unreachableFile_isNeitherThereNorAbsent() throws Exception {
    for (int errno : ERRORS) {
      for (String call : List.of("openat", "statx")) {
        int number = CALLS.get(call)[Platform.isARM() ? 1 : 0];
        FutureTask<HostFile> task =
            new FutureTask<>(
                () -> {
                  HostTree tree = new HostTree(new ProcFs(Path.of("/")));
                  tree.find("/usr/bin/env");
                  RefusedCall.refuse(number, errno);
                  return tree.find("/usr/bin/env");
                });
        new Thread(task, call).start();
        HostFile file = task.get(3, TimeUnit.MINUTES);
        assertThat(file.state()).as(call).isEqualTo(HostFile.State.CANNOT_TELL);
        assertThat(file.why()).isNotEmpty();
      }
    }
  }
}
