package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceMountsTest {

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
  void aLineThatIsCutOffIsLeftOut() {
    assertThat(parse("90 22 0:4 net:[40 - nsfs\n90 22 0:4 net:[4 /x rw - nsfs nsfs rw")).isEmpty();
  }
}
