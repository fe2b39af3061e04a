package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.policy.ExecutableLinks;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class ExecutablePathsTest {

  @Test
  void linksOfRootAreFollowed() throws Exception {
    Requirement.root();
    Path folder = Files.createTempDirectory(Path.of("/var/lib"), "portcurfew-links-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createSymbolicLink(folder.resolve("link"), Path.of("/usr/bin/env"));
      String link = folder.resolve("link").toString();
      String none = folder.resolve("none").toString();
      ExecutableLinks links = ExecutablePaths.of(Set.of(link, none, "/usr/bin/env"));
      assertThat(links.targets()).hasSize(1).containsEntry(link, "/usr/bin/env");
      assertThat(links.absent()).containsExactly(none);
      assertThat(links.ofOthers()).isEmpty();
      assertThat(links.changing()).containsExactly(link, none);

      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      ExecutableLinks open = ExecutablePaths.of(links.changing());
      assertThat(open.targets()).isEmpty();
      assertThat(open.ofOthers()).containsExactly(link);
    } finally {
      Files.deleteIfExists(folder.resolve("link"));
      Files.delete(folder);
    }
  }
}
