package io.portcurfew.observe.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.process.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder of processes, and a clock that each question turns on by some milliseconds. */
@EnabledOnOs(OS.LINUX)
class NamespacesTest {

  private static final long OWN = 4026531840L;
  private static final long OTHER = 4026532000L;

  @TempDir private Path root;

  private final AtomicLong millis = new AtomicLong();
  private long step = 1;
  private final Ticker ticker = () -> Duration.ofMillis(millis.addAndGet(step));

  @BeforeEach
  void first() throws IOException {
    process(1, OWN);
  }

  private void process(int pid, long network) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid + "/ns")).getParent();
    Files.createDirectories(folder.resolve("task/" + pid));
    Files.createSymbolicLink(folder.resolve("ns/net"), Path.of("net:[" + network + "]"));
    String fields = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + pid + " 0 0\n";
    Files.writeString(folder.resolve("stat"), pid + " (x)" + fields);
  }

  private Namespaces namespaces() {
    ProcessList processes = new ProcessList(new ProcFs(root));
    return new Namespaces("x", processes, new CapturedTables("x", root), ticker);
  }

  private List<Gap> look(Namespaces namespaces) throws IOException {
    return look(namespaces, () -> {});
  }

  private static boolean knows(Namespaces namespaces, long inode) {
    return namespaces.all().stream().anyMatch(one -> one.inode() == inode);
  }

  @Test
  void lateLook_isAGapUntilEveryProcessWasRead() throws IOException {
    for (int pid = 2; pid < 300; pid++) {
      process(pid, OWN);
    }
    process(300, OTHER);
    step = 20;
    try (Namespaces namespaces = namespaces()) {
      List<Gap> gaps = look(namespaces);
      assertThat(millis.get()).isLessThan(2 * Namespaces.MOST_OF_FIRST.toMillis());
      assertThat(knows(namespaces, OTHER)).isFalse();
      assertThat(gaps).singleElement().matches(Gap::hidesListeners);
      assertThat(gaps.get(0).covers(new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611))).isFalse();
      int looks = 1;
      for (; !gaps.isEmpty() && looks < 200; looks++) {
        gaps = look(namespaces);
      }
      assertThat(looks).isBetween(2, 199);
      assertThat(knows(namespaces, OTHER)).isTrue();
    }
  }

  @Test
  void looksInTime_haveNoGap() throws IOException {
    process(2, OTHER);
    try (Namespaces namespaces = namespaces()) {
      assertThat(look(namespaces)).isEmpty();
      assertThat(knows(namespaces, OTHER)).isTrue();
    }
  }

  @Test
  void lateSearch_keepsANamespaceWithAnotherProcess() throws IOException {
    process(2, OTHER);
    for (int pid = 3; pid < 300; pid++) {
      process(pid, OWN);
    }
    process(300, OTHER);
    try (Namespaces namespaces = namespaces()) {
      look(namespaces);
      Path ended = root.resolve("proc/2");
      Files.move(ended, root.resolve("ended"));
      Files.delete(root.resolve("ended/ns/net"));
      step = 20;
      for (int i = 0; i < 100; i++) {
        look(namespaces);
        assertThat(knows(namespaces, OTHER)).isTrue();
      }
      step = 1;
      look(namespaces);
      assertThat(namespaces.members()).containsExactly(300);
    }
  }

  @Test
  void endedNamespace_isRemovedAfterALateSearch() throws IOException {
    process(2, OTHER);
    for (int pid = 3; pid < 300; pid++) {
      process(pid, OWN);
    }
    try (Namespaces namespaces = namespaces()) {
      look(namespaces);
      Files.move(root.resolve("proc/2"), root.resolve("ended"));
      Files.delete(root.resolve("ended/ns/net"));
      step = 20;
      int looks = 0;
      for (; knows(namespaces, OTHER) && looks < 200; looks++) {
        look(namespaces);
      }
      assertThat(looks).isBetween(2, 199);
    }
  }

  @Test
  void namespaceWhoseProcessEndsDuringALook_hasEndedUnlessAnotherIsInIt() throws IOException {
    process(2, OTHER);
    try (Namespaces namespaces = namespaces()) {
      look(namespaces);
      NetworkNamespace other =
          namespaces.all().stream().filter(one -> one.inode() == OTHER).findFirst().orElseThrow();
      end(2);
      process(300, OTHER);
      assertThat(namespaces.removeEnded(List.of(other), socket -> false)).isEmpty();
      assertThat(namespaces.members()).containsExactly(300);
      end(300);
      assertThat(namespaces.removeEnded(List.of(other), socket -> false)).containsExactly(other);
      assertThat(knows(namespaces, OTHER)).isFalse();
    }
  }

  private void end(int pid) throws IOException {
    Path ended = root.resolve("ended-" + pid);
    Files.move(root.resolve("proc/" + pid), ended);
    Files.delete(ended.resolve("ns/net"));
  }

  /** Writes proc_pid_statm(5) of a process: one that has a stack alone executes a program. */
  private void code(int pid, int pages) throws IOException {
    String statm = pages == 0 ? "34 1 0 0 0 34 0\n" : "300 90 80 " + pages + " 0 70 0\n";
    Files.writeString(root.resolve("proc/" + pid + "/statm"), statm);
  }

  private interface ProcessChange {
    void make() throws IOException;
  }

  /** A look in which a process changes after it was read. */
  private List<Gap> look(Namespaces namespaces, ProcessChange change) throws IOException {
    List<Gap> gaps = new ArrayList<>();
    namespaces.refresh(gaps, socket -> false);
    change.make();
    namespaces.addUnseen(gaps);
    return gaps;
  }

  @Test
  void programThatHasEndedByTheEndOfALook_isNoGap() throws IOException {
    process(2, OWN);
    code(2, 0);
    try (Namespaces namespaces = namespaces()) {
      ProcessChange end = () -> Files.move(root.resolve("proc/2"), root.resolve("ended"));
      assertThat(look(namespaces, end)).isEmpty();
    }
  }

  @Test
  void programThatHasStartedByTheEndOfALook_isNoGap() throws IOException {
    process(2, OWN);
    code(2, 0);
    try (Namespaces namespaces = namespaces()) {
      assertThat(look(namespaces, () -> code(2, 40))).isEmpty();
    }
  }

  @Test
  void programThatStarts_isReadInTheNextLook() throws IOException {
    process(2, OTHER);
    code(2, 0);
    try (Namespaces namespaces = namespaces()) {
      assertThat(look(namespaces)).singleElement().matches(Gap::hidesListeners);
      assertThat(look(namespaces)).singleElement().matches(Gap::hidesListeners);
      assertThat(knows(namespaces, OTHER)).isFalse();
      code(2, 40);
      assertThat(look(namespaces)).isEmpty();
      assertThat(knows(namespaces, OTHER)).isTrue();
    }
  }

  @Test
  void programInAnUnknownNamespace_isAGapUntilTheNextLook() throws IOException {
    process(2, OTHER);
    code(2, 0);
    try (Namespaces namespaces = namespaces()) {
      assertThat(look(namespaces, () -> code(2, 40))).singleElement().matches(Gap::hidesListeners);
      assertThat(look(namespaces)).isEmpty();
      assertThat(knows(namespaces, OTHER)).isTrue();
    }
  }
}
