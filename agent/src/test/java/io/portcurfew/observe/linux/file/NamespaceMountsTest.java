package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.TimeBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceMountsTest {

  private static final String NETWORK = "90 22 0:4 net:[%d] /x rw - nsfs nsfs rw\n";

  private static Map<Long, NamespaceMounts.Mount> parse(String mountinfo) {
    Map<Long, NamespaceMounts.Mount> found = new LinkedHashMap<>();
    NamespaceMounts.parse(7, mountinfo.getBytes(StandardCharsets.ISO_8859_1), found);
    return found;
  }

  @Test
  void networkNamespacesAreFoundByTheirRoot() {
    assertThat(
            parse(
                """
                22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                90 22 0:4 net:[4026532250] /run/docker/netns/a\\040b rw shared:9 - nsfs nsfs rw
                91 22 0:4 mnt:[4026532251] /run/snapd/ns/x.mnt rw - nsfs nsfs rw
                """))
        .containsExactly(
            Map.entry(4026532250L, new NamespaceMounts.Mount(7, "/run/docker/netns/a b")));
  }

  @Test
  void sameRootOfAnotherFileSystem_isNoNamespace() {
    assertThat(parse("90 22 0:4 net:[4026532250] /x rw - tmpfs net:[1] rw\n")).isEmpty();
  }

  @Test
  void latePass_goesOnInTheNextOne(@TempDir Path root) throws Exception {
    AtomicLong millis = new AtomicLong();
    BitSet pids = new BitSet();
    for (int pid = 1; pid <= 50; pid++) {
      pids.set(pid);
      mountinfo(root, pid, NETWORK.formatted(1000 + pid));
    }
    NamespaceMounts mounts = new NamespaceMounts(new ProcFs(root));
    Set<Long> found = new HashSet<>();
    int passes = 0;
    do {
      long before = millis.get();
      found.addAll(mounts.read(pids, budget(millis)).keySet());
      assertThat(millis.get() - before).isLessThan(25);
    } while (mounts.isLate() && ++passes < 50);
    assertThat(passes).isBetween(2, 49);
    assertThat(found).hasSize(50);
    mounts.read(pids, budget(millis));
    assertThat(mounts.isLate()).as("late after all were read once").isFalse();
  }

  @Test
  void processWithAnotherRoot_isReadToo(@TempDir Path root) throws Exception {
    BitSet pids = new BitSet();
    pids.set(1, 4);
    mountinfo(root, 1, "50 1 0:30 / /m rw - tmpfs t rw\n");
    mountinfo(root, 2, "50 1 0:30 / /above/m rw - tmpfs t rw\n" + NETWORK.formatted(77));
    mountinfo(root, 3, "");
    NamespaceMounts mounts = new NamespaceMounts(new ProcFs(root));
    assertThat(mounts.read(pids, budget(new AtomicLong())))
        .containsOnlyKeys(77L)
        .hasEntrySatisfying(77L, mount -> assertThat(mount.pid()).isEqualTo(2));
  }

  @Test
  void tableThatBeginsWithALongPath_isReadEachTime(@TempDir Path root) throws Exception {
    BitSet pids = new BitSet();
    pids.set(1, 3);
    String first = "50 1 0:30 / /" + "m".repeat(100);
    mountinfo(root, 1, first + "1 rw - tmpfs t rw\n");
    mountinfo(root, 2, first + "2 rw - tmpfs t rw\n" + NETWORK.formatted(77));
    NamespaceMounts mounts = new NamespaceMounts(new ProcFs(root));
    assertThat(mounts.read(pids, budget(new AtomicLong()))).containsOnlyKeys(77L);
  }

  private static void mountinfo(Path root, int pid, String lines) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid));
    Files.writeString(folder.resolve("mountinfo"), lines);
  }

  private static TimeBudget budget(AtomicLong millis) {
    return TimeBudget.of(() -> Duration.ofMillis(millis.incrementAndGet()), Duration.ofMillis(20));
  }

  @Test
  void aLineThatIsCutOffIsLeftOut() {
    assertThat(parse("90 22 0:4 net:[40 - nsfs\n90 22 0:4 net:[4 /x rw - nsfs nsfs rw")).isEmpty();
  }
}
