package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount that comes and goes between two looks. */
@LiveHost
class MountWatchLiveTest {

  private final HostTree tree = HostTree.watching(new ProcFs(Path.of("/")));

  @TempDir private Path folder;

  @BeforeEach
  void needs() {
    Requirement.root();
  }

  @AfterEach
  void end() throws Exception {
    tree.close();
    Tool.run("umount", folder.toString());
  }

  private HostMounts look() {
    tree.beginLook();
    return tree.mounts();
  }

  @Test
  void mounts_areReadAfterAChangeAlone() throws Exception {
    HostMounts before = look();
    assertThat(look()).isSameAs(before);
    Tool.Result mounted = Tool.run("mount", "-t", "tmpfs", "none", folder.toString());
    assertThat(mounted.status()).as(mounted.output()).isZero();
    assertThat(look()).isNotEqualTo(before);
    assertThat(tree.find(folder.toRealPath().toString()).kind()).isEqualTo("tmpfs");
    assertThat(Tool.run("umount", folder.toString()).status()).isZero();
    look();
    assertThat(tree.find(folder.toRealPath().toString()).kind()).isNotEqualTo("tmpfs");
  }
}
