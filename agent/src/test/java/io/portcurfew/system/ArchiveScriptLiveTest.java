package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root makes the class archive, and runs the code in it, from what an agent lists that runs as the
 * user portcurfew. An attacker may control that user.
 */
@LiveHost
@Timeout(600)
@EnabledOnOs(OS.LINUX)
class ArchiveScriptLiveTest {

  /** In place of the agent: tries to exchange the files of root, and names a class of its own. */
  private static final String AGENT =
      """
      #!/bin/sh
      list=${PORTCURFEW_JAVA_OPTIONS##*=}
      case $* in
        run*)
          for config; do :; done
          id -u >>FOLDER/user
          for name in classes classes.jsa dump log next.yaml; do
            ln -sf FOLDER/victim "${config%/*}/$name" 2>/dev/null && echo "$name" >>FOLDER/planted
          done
          printf 'io/portcurfew/Good id: 1\\nEvil id: 2 super: 1 source: /tmp/evil.jar\\n' >"$list"
          echo metrics are at http://127.0.0.1:1/metrics
          ;;
        scan) echo io/portcurfew/Scan id: 1 >"$list" ;;
        bundle*) exit 1 ;;
        *)
          classes=${PORTCURFEW_JAVA_OPTIONS#*SharedClassListFile=}
          cat "${classes%% *}" >FOLDER/listed
          echo archive >"$list"
          ;;
      esac
      """;

  @TempDir private Path folder;

  @BeforeEach
  void needsRoot() {
    Requirement.root();
    Requirement.program("unshare");
    Requirement.program("setpriv");
  }

  private void write(String name, String text, String mode) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.replace("FOLDER", folder.toString()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void userOfTheAgent_changesNothingOfRoot() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    write("victim", "unchanged\n", "rw-r--r--");
    write("user", "", "rw-rw-rw-");
    write("planted", "", "rw-rw-rw-");
    write(
        "passwd",
        Files.readString(Path.of("/etc/passwd")) + "portcurfew:x:65533:65533::/:\n",
        "rw-r--r--");
    write("group", Files.readString(Path.of("/etc/group")) + "portcurfew:x:65533:\n", "rw-r--r--");
    write("tools/sleep", "#!/bin/sh\nexec /bin/sleep 0.02\n", "rwxr-xr-x");
    write("tools/openssl", "#!/bin/sh\nexit 1\n", "rwxr-xr-x");
    write("home/bin/portcurfew", AGENT, "rwxr-xr-x");
    write(
        "home/bin/make-archive",
        Files.readString(Path.of("src/main/dist/bin/make-archive")),
        "rwxr-xr-x");
    String script =
        """
        mount --bind FOLDER/passwd /etc/passwd && mount --bind FOLDER/group /etc/group &&
        PATH=FOLDER/tools:$PATH exec FOLDER/home/bin/make-archive
        """
            .replace("FOLDER", folder.toString());
    Tool.Result result = Tool.run("unshare", "--mount", "sh", "-c", script);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(folder.resolve("user")).hasContent("65533");
    assertThat(folder.resolve("planted")).isEmptyFile();
    assertThat(folder.resolve("victim")).hasContent("unchanged");
    assertThat(folder.resolve("listed"))
        .hasContent("io/portcurfew/Good id: 1\nio/portcurfew/Scan id: 1");
    assertThat(folder.resolve("home/portcurfew.jsa")).hasContent("archive");
  }
}
