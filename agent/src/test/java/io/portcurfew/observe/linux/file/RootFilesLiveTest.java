package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Files of root behind folders and links of a user. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class RootFilesLiveTest {

  private static final int NOBODY = 65534;

  private Path folder;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    Requirement.root();
    folder = Files.createTempDirectory(Path.of("/run"), "portcurfew-root-files");
    allow(folder, "rwxr-xr-x");
    Files.createDirectory(folder.resolve("engine"));
    file = Files.writeString(folder.resolve("engine/config.json"), "{}");
  }

  @AfterEach
  void remove() throws IOException {
    if (folder != null) {
      try (var all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void allow(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static void give(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
  }

  private static byte[] read(Path path) {
    return new HostTree(new ProcFs(Path.of("/"))).readOfRoot(path.toString(), 100);
  }

  @Test
  void fileThatRootAloneCanChangeIsRead() {
    assertThat(read(file)).asString().isEqualTo("{}");
  }

  @Test
  void fileInAFolderThatOthersCanWriteIsNotRead() throws IOException {
    allow(folder.resolve("engine"), "rwxrwxrwx");
    assertThat(read(file)).isNull();
  }

  @Test
  void fileBelowAFolderOfAUserIsNotRead() throws IOException {
    give(folder);
    assertThat(read(file)).isNull();
  }

  @Test
  void fileBehindALinkOfAUserIsNotRead() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("engine"));
    assertThat(read(link.resolve("config.json"))).as("a link of root").isNotNull();
    give(link);
    assertThat(read(link.resolve("config.json"))).isNull();
  }
}
