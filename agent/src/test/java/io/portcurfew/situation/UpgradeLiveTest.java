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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A service that goes on with its old file after a package upgrade. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class UpgradeLiveTest {

  private static final String LISTEN = "s = tcp()\nready(s.getsockname()[1])\n";
  private static final String AS_NOBODY =
      "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n" + LISTEN;

  private Path folder = Path.of("/");
  private Path server = Path.of("/");

  @BeforeEach
  void install() throws Exception {
    Requirement.root();
    folder = Files.createTempDirectory(Path.of("/var/lib"), "portcurfew-upgrade-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    server = folder.resolve("server");
    copy(server);
  }

  @AfterEach
  void remove() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
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
      judged.again();
      assertThat(owner(judged, running).details().replaced()).isTrue();
      assertThat(owner(judged, running).toString()).endsWith("as nobody, replaced: restart it");
      assertThat(judged.kinds(running.word(0))).isEmpty();
    }
  }

  @Test
  void serviceIsAllowedWhileThePackageManagerKeepsASecondName() throws Exception {
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

  @Test
  void otherMountNamespaceProvesNothing() throws Exception {
    try (PythonProcess running =
        PythonProcess.run(List.of("unshare", "-m", server.toString()), LISTEN)) {
      upgrade();
      try (LiveJudgement judged = judged(running, "")) {
        assertThat(judged.kinds(running.word(0))).containsExactly("owner-unknown");
      }
    }
  }
}
