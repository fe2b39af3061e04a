package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {

  private static final String V1 =
      "25 24 0:22 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n";

  @TempDir private Path root;

  @Test
  void onlyHierarchy_isFound() {
    String only = "30 24 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
    assertThat(ControlGroups.folders(only)).containsExactly("/sys/fs/cgroup");
  }

  @Test
  void hierarchyBesideVersion1_isFound() {
    String hybrid = V1 + "31 24 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
    assertThat(ControlGroups.folders(hybrid)).containsExactly("/sys/fs/cgroup/unified");
  }

  @Test
  void usualPlace_goesFirst() {
    String two =
        """
        40 24 0:27 / /mnt/groups rw - cgroup2 none rw
        41 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
        """;
    assertThat(ControlGroups.folders(two)).containsExactly("/sys/fs/cgroup", "/mnt/groups");
  }

  @Test
  void hostWithVersion1Alone_isSaid() throws Exception {
    assertThat(refusal(V1)).endsWith("version 1 alone: no file system of type cgroup2 is mounted");
  }

  @Test
  void partOfAContainer_isNotTheRoot() throws Exception {
    Files.createDirectories(root.resolve("groups"));
    Files.createFile(root.resolve("groups/cgroup.type"));
    String part = "40 24 0:27 / /groups rw - cgroup2 none rw\n";
    assertThat(refusal(part)).contains("/groups is not the root").contains("in a container");
    Files.createDirectories(root.resolve("host"));
    ProcFs files = files(part + "41 24 0:27 / /host ro - cgroup2 none rw\n");
    int opened = ControlGroups.openRoot(files);
    assertThat(opened).isNotNegative();
    files.close(opened);
  }

  private ProcFs files(String mountinfo) throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(root.resolve("proc/self/mountinfo"), mountinfo);
    return new ProcFs(root);
  }

  private String refusal(String mountinfo) throws Exception {
    ProcFs files = files(mountinfo);
    try {
      files.close(ControlGroups.openRoot(files));
      return "opened";
    } catch (KernelException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
