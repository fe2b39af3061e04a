package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Trilean;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** User 65534 runs files of his own that seem to be the file at an allowed path. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class ForgedFileLiveTest {

  @TempDir private Path folder;
  private final LinuxSource source = PatientSource.ofHost();

  @BeforeEach
  void needsRoot() throws Exception {
    Requirement.root();
    LiveOwner.run("chmod", "755", folder.toString());
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void fileMountedOverAnAllowedPath_isElsewhere() throws Exception {
    Path allowed = LiveOwner.copyOfPython(folder.resolve("allowed"));
    Path evil = LiveOwner.copyOfPython(folder.resolve("evil"));
    OwnerTerm term = new OwnerTerm(allowed.toString(), null);
    try (PythonProcess itself = PythonProcess.run(List.of(allowed.toString()), LISTEN)) {
      assertThat(term.accepts(LiveOwner.look(source, itself.word(0)))).isEqualTo(Trilean.YES);
    }
    String mount = "mount --bind " + evil + " " + allowed + " && exec " + allowed + " \"$@\"";
    try (PythonProcess forged = PythonProcess.run(asNobody("-Urm", mount), LISTEN)) {
      Owner owner = LiveOwner.look(source, forged.word(0));
      assertThat(owner.executable()).hasToString(allowed.toString());
      assertThat(owner.details().elsewhere()).isTrue();
      assertThat(term.accepts(owner)).isEqualTo(Trilean.UNKNOWN);
    }
  }

  @Test
  void inventedPathOfAPattern_isNoProof() throws Exception {
    Path opt = Files.createDirectory(folder.resolve("opt"));
    OwnerTerm term = new OwnerTerm(opt + "/*/bin/server", null);
    String mount =
        ("mount -t tmpfs none OPT && mkdir -p OPT/app/bin && cp /usr/bin/python3 OPT/app/bin/server"
                + " && exec OPT/app/bin/server \"$@\"")
            .replace("OPT", opt.toString());
    try (PythonProcess forged = PythonProcess.run(asNobody("-Urm", mount), LISTEN)) {
      Owner owner = LiveOwner.look(source, forged.word(0));
      assertThat(owner.executable()).hasToString(opt + "/app/bin/server");
      assertThat(owner.details().elsewhere()).isTrue();
      assertThat(term.accepts(owner)).isEqualTo(Trilean.UNKNOWN);
    }
  }

  private static final String LISTEN = "s = tcp(); ready(s.getsockname()[1])";

  /** A shell of user 65534 in namespaces of its own. */
  private static List<String> asNobody(String namespaces, String shell) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534"));
    command.addAll(List.of("--clear-groups", "/usr/bin/unshare", namespaces));
    Process tried = new ProcessBuilder(command).command(with(command, "/bin/true")).start();
    Requirement.that(tried.waitFor() == 0, "user namespaces of unprivileged users");
    return with(command, "/bin/sh", "-c", shell, "sh");
  }

  private static List<String> with(List<String> command, String... words) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(words));
    return whole;
  }

  @Test
  void userFileSystemOverAnAllowedFolder_isNoProof() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path allowed = LiveOwner.copyOfPython(bin.resolve("server"));
    OwnerTerm term = new OwnerTerm(allowed.toString(), null);
    try (PythonProcess forged = FuseMount.ofNobody(folder, bin)) {
      Owner owner = LiveOwner.look(source, forged.word(0));
      assertThat(owner.executable()).hasToString(allowed.toString());
      assertThat(owner.details().elsewhere()).isTrue();
      assertThat(term.accepts(owner)).isEqualTo(Trilean.UNKNOWN);
    }
  }

  @Test
  void fileOnFuse_hasNoDigests() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    source.ask(Set.of(OwnerFact.SHA256, OwnerFact.PACKAGE));
    try (PythonProcess served = FuseMount.ofRootForAll(folder, bin)) {
      Owner owner = LiveOwner.look(source, served.word(0));
      assertThat(owner.executable()).hasToString(bin + "/server");
      assertThat(owner.details().sha256()).isNull();
      assertThat(owner.details().packageName()).isNull();
    }
  }
}
