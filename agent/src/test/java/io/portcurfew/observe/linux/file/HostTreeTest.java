package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.FilePlace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class HostTreeTest {

  @TempDir private Path root;

  private HostFile find(String path) {
    return new HostTree(new ProcFs(root)).find(path);
  }

  private void link(String at, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(at), Path.of(target));
  }

  @Test
  void linksStayBelowTheRoot() throws Exception {
    Files.createDirectories(root.resolve("usr/bin"));
    Files.writeString(root.resolve("usr/bin/env"), "x");
    link("bin", "usr/bin");
    link("absolute", "/usr/bin/env");
    link("above", "../../../../../usr/bin/../bin/env");
    HostFile env = find("/usr/bin/env");
    assertThat(env.state()).isEqualTo(HostFile.State.FOUND);
    assertThat(find("/bin/env")).isEqualTo(env);
    assertThat(find("/absolute")).isEqualTo(env);
    assertThat(find("/above")).isEqualTo(env);
    assertThat(find("/bin/../env").state()).isEqualTo(HostFile.State.ABSENT);
    assertThat(find("/usr/bin/../bin/./env")).isEqualTo(env);
  }

  @Test
  void pathBehindTheLinksIsKnown() throws Exception {
    Files.createDirectories(root.resolve("usr/bin"));
    Files.writeString(root.resolve("usr/bin/python3.11"), "x");
    link("bin", "usr/bin");
    link("usr/bin/python3", "python3.11");
    link("usr/bin/python", "../../bin/./python3");
    HostTree tree = new HostTree(new ProcFs(root));
    for (String path : List.of("/usr/bin/python3.11", "/bin/python3", "/bin/../bin/python")) {
      assertThat(tree.resolve(path).path()).as(path).isEqualTo("/usr/bin/python3.11");
    }
  }

  @Test
  void onlyAnAnswerMeansAbsent() throws Exception {
    Files.writeString(root.resolve("file"), "x");
    link("loop", "loop");
    assertThat(find("/none").state()).isEqualTo(HostFile.State.ABSENT);
    assertThat(find("/file/below").state()).isEqualTo(HostFile.State.ABSENT);
    assertThat(find("/loop").state()).isEqualTo(HostFile.State.CANNOT_TELL);
    assertThat(find("/" + "n".repeat(300)).state()).isEqualTo(HostFile.State.CANNOT_TELL);
    String deep = IntStream.range(0, 80).mapToObj(i -> "d").collect(Collectors.joining("/"));
    Files.createDirectories(root.resolve(deep));
    assertThat(find("/" + deep).state()).isEqualTo(HostFile.State.CANNOT_TELL);
  }

  @Test
  void mountsAreKnownByNumberAndKind() {
    String text =
        """
        22 27 0:21 / /proc rw shared:7 - proc proc rw
        30 27 0:40 / /home/a\\040b rw - fuse.sshfs a:/ rw
        27 1 254:0 / / rw - ext4 /dev/vda rw
        rubbish
        31 27 0:41 / /cut rw - tm""";
    HostMounts mounts = HostMounts.parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(mounts.trees()).containsExactly(Map.entry("/", "254:0 /"));
    assertThat(mounts.byMount()).containsOnlyKeys(22, 27, 30);
    assertThat(mounts.kind(new FilePlace(27, 0))).isEqualTo("ext4");
    assertThat(mounts.kind(new FilePlace(null, 254L << 32))).isEqualTo("ext4");
    assertThat(mounts.kind(new FilePlace(31, 41))).isNull();
    assertThat(mounts.isLocalAnywhere(new FilePlace(27, 254L << 32))).isTrue();
    assertThat(mounts.isLocalAnywhere(new FilePlace(99, 254L << 32))).isTrue();
    assertThat(mounts.isLocalAnywhere(new FilePlace(99, 77))).isFalse();
    assertThat(mounts.isLocalAnywhere(new FilePlace(30, 254L << 32))).isFalse();
    assertThat(HostMounts.isLocal("ext4")).isTrue();
    assertThat(HostMounts.isLocal("fuse.sshfs")).isFalse();
    assertThat(HostMounts.isLocal("nfs4")).isFalse();
    assertThat(HostMounts.isLocal("autofs")).isFalse();
  }
}
