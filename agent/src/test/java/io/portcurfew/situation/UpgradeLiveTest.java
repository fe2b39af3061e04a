package io.portcurfew.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A service that goes on with its old file after a package upgrade. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class UpgradeLiveTest {

  private static final String LISTEN = "s = tcp()\nready(s.getsockname()[1])\n";
  private static final String AS_NOBODY =
      "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n" + LISTEN;

  @TempDir(factory = RootFolder.class)
  private Path folder;

  private Path server = Path.of("/");

  @BeforeEach
  void install() throws Exception {
    Requirement.root();
    server = folder.resolve("server");
    copy(server);
  }

  private static void copy(Path to) throws Exception {
    Files.copy(Path.of("/usr/bin/python3").toRealPath(), to);
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void upgrade() throws Exception {
    Path fresh = folder.resolve("server.dpkg-new");
    copy(fresh);
    Files.move(fresh, server, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private PythonProcess start(String script) throws Exception {
    return PythonProcess.run(List.of(server.toString()), script);
  }

  private LiveJudgement judged(PythonProcess running, String more) throws Exception {
    return LiveJudgement.by(
        """
        version: 1
        rules:
          - name: server
            ports: PORT
            expect: allowed
            by: [{executable: SERVER}]
        """
                .replace("PORT", Integer.toString(running.word(0)))
                .replace("SERVER", server.toString())
            + more);
  }

  private static Owner owner(LiveJudgement judged, PythonProcess running) {
    return judged.listener(running.word(0)).owners().get(0);
  }

  @Test
  void serviceIsAllowedWithTheHint() throws Exception {
    try (PythonProcess running = start(AS_NOBODY);
        LiveJudgement judged = judged(running, "")) {
      assertThat(owner(judged, running).details().replaced()).isFalse();
      upgrade();
      // The file of an owner is compared in its turn.
      for (int look = 0; look < 100 && !owner(judged, running).details().replaced(); look++) {
        judged.again();
      }
      assertThat(owner(judged, running).details().replaced()).isTrue();
      assertThat(owner(judged, running).toString()).endsWith("as nobody, replaced: restart it");
      assertThat(judged.kinds(running.word(0))).isEmpty();
    }
  }

  @Test
  void replacedFileWithASecondName_isAllowed() throws Exception {
    try (PythonProcess running = start(AS_NOBODY)) {
      Files.createLink(folder.resolve("server.dpkg-tmp"), server);
      upgrade();
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(owner(judged, running).details().replaced()).isTrue();
        assertThat(judged.kinds(running.word(0))).isEmpty();
      }
    }
  }

  @Test
  void ruleMayAskForARestart() throws Exception {
    try (PythonProcess running = start(AS_NOBODY)) {
      upgrade();
      try (LiveJudgement judged = judged(running, "    replaced: warn\n")) {
        assertThat(judged.kinds(running.word(0))).containsExactly("replaced");
      }
    }
  }

  @Test
  void removedFileProvesNothing() throws Exception {
    try (PythonProcess running = start(AS_NOBODY)) {
      Files.delete(server);
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
        assertThat(judged.findings(running.word(0)).get(0).cause()).isEqualTo(UnknownOwner.GONE);
      }
    }
  }

  @Test
  void pathThatOthersMayWriteProvesNothing() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));
    try (PythonProcess running = start(AS_NOBODY)) {
      upgrade();
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
      }
    }
  }

  @Test
  void fileOfAUserProvesNothing() throws Exception {
    assertThat(Tool.run("chown", "65534", server.toString()).status()).isZero();
    try (PythonProcess running = start(AS_NOBODY)) {
      upgrade();
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
      }
    }
  }

  /** Runs the server after these commands in mounts of its own; {@code $*} starts it. */
  private PythonProcess inOwnMounts(String commands, String script) throws Exception {
    String shell = commands.replace("FOLDER", folder.toString());
    return PythonProcess.run(
        List.of("unshare", "-m", "sh", "-ec", shell, "sh", server.toString()), script);
  }

  @Test
  void serviceWithMountsOfItsOwnIsAllowed() throws Exception {
    String likeSystemd = "mount -t tmpfs none /mnt; mount --bind /var /var; exec \"$@\"";
    try (PythonProcess running = inOwnMounts(likeSystemd, LISTEN)) {
      upgrade();
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(owner(judged, running).details().replaced()).isTrue();
        assertThat(judged.kinds(running.word(0))).isEmpty();
      }
    }
  }

  /** The server removes its own file, and the host has another one at that path. */
  private void assertProvesNothing(String commands) throws Exception {
    String removed = "os.remove('" + server + "')\n" + LISTEN;
    try (PythonProcess running = inOwnMounts(commands, removed);
        LiveJudgement judged = judged(running, "")) {
      assertThat(owner(judged, running).details().deleted()).isTrue();
      assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
    }
  }

  @Test
  void anotherFolderAtThatPathProvesNothing(@TempDir(factory = RootFolder.class) Path other)
      throws Exception {
    copy(other.resolve("server"));
    assertProvesNothing("mount --bind " + other + " FOLDER; exec \"$@\"");
  }

  @Test
  void anotherFileSystemAtThatPathProvesNothing() throws Exception {
    assertProvesNothing(
        "mount -t tmpfs none /mnt; cp FOLDER/server /mnt; mount --move /mnt FOLDER; exec \"$@\"");
  }

  @Test
  void anotherRootProvesNothing() throws Exception {
    Path seen = Path.of(folder + "/in" + server);
    Files.createDirectories(seen.getParent());
    copy(seen);
    try (PythonProcess running =
        inOwnMounts(
            "mount --bind / FOLDER/in; exec chroot FOLDER/in \"$@\"",
            "os.remove('" + server + "')\n" + LISTEN)) {
      server = seen;
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(owner(judged, running).executable()).hasToString(seen.toString());
        assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
      }
    }
  }
}
