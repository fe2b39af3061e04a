package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import org.junit.jupiter.api.Test;

class ControlGroupsTest {

  private static final String V1 =
      "25 24 0:22 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n";

  @Test
  void onlyHierarchy_isFound() throws KernelException {
    String only = "30 24 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
    assertThat(ControlGroups.folder(only)).isEqualTo("/sys/fs/cgroup");
  }

  @Test
  void hierarchyBesideVersion1_isFound() throws KernelException {
    String hybrid = V1 + "31 24 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
    assertThat(ControlGroups.folder(hybrid)).isEqualTo("/sys/fs/cgroup/unified");
  }

  @Test
  void usualPlace_goesFirst() throws KernelException {
    String two =
        """
        40 24 0:27 / /mnt/groups rw - cgroup2 none rw
        41 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
        """;
    assertThat(ControlGroups.folder(two)).isEqualTo("/sys/fs/cgroup");
  }

  @Test
  void hostWithVersion1Alone_isSaid() {
    assertThatThrownBy(() -> ControlGroups.folder(V1))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("version 1 alone");
  }
}
