package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Trilean;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What user 65534 does to seem to be the owner that a rule accepts. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ForgedOwnerLiveTest {

  /** Enough for every owner of a busy host to be proven in its turn, its users and unit too. */
  private static final int LOOKS = 400;

  private static final String BECOME_NOBODY =
      "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n";

  @TempDir private Path folder;
  private final LinuxSource source = LinuxSource.ofHost();

  @BeforeEach
  void needsRoot() throws Exception {
    Requirement.root();
    run("chmod", "755", folder.toString());
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static void run(String program, String... words) throws Exception {
    Tool.Result result = Tool.run(program, words);
    assertThat(result.status()).as(result.output()).isZero();
  }

  private static Path copyOfPython(Path to) throws Exception {
    return Files.copy(
        Path.of("/usr/bin/python3").toRealPath(), to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The owner as the first look that fits sees it, or the last. */
  private Owner owner(int port, Predicate<Owner> fits) throws InterruptedException {
    Owner owner = look(port);
    for (int i = 1; i < LOOKS && !fits.test(owner); i++) {
      owner = look(port);
    }
    return owner;
  }

  private Owner look(int port) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .flatMap(one -> one.owners().stream())
        .findFirst()
        .orElseThrow();
  }

  private static Trilean is(String user, Owner owner) {
    return new OwnerTerm(null, user).accepts(owner);
  }

  private static @Nullable HostText digest(Owner owner) {
    return owner.details().sha256();
  }

  @Test
  void aSetuidProgramWithTheSocketOfAUserIsNotRoot() throws Exception {
    Path setuid = copyOfPython(folder.resolve("setuid"));
    run("chmod", "4755", setuid.toString());
    String inside =
        "import os, sys; print(%d, os.geteuid(), os.getuid(), flush=True); sys.stdin.read();"
            + " os.setuid(0); print(os.getuid(), flush=True); import signal; signal.pause()";
    String script =
        BECOME_NOBODY
            + """
            s = tcp()
            s.set_inheritable(True)
            os.execv('SETUID', ['SETUID', '-c', 'INSIDE' % s.getsockname()[1]])
            """
                .replace("SETUID", setuid.toString())
                .replace("INSIDE", inside);
    try (PythonProcess python = PythonProcess.run(script)) {
      Requirement.that(python.word(1) == 0, "a temporary folder where setuid counts");
      assertThat(python.word(2)).isEqualTo(65534);
      Owner waiting = look(python.word(0));
      assertThat(waiting.user()).hasToString("root");
      assertThat(waiting.details().realUid()).isEqualTo(65534);
      assertThat(waiting.details().creatorUid()).isEqualTo(65534);
      assertThat(is("root", waiting)).isEqualTo(Trilean.NO);
      assertThat(waiting.toString()).contains("as root (real uid 65534, socket of uid 65534)");
      assertThat(python.proceed()).isEqualTo("0");
      Owner root = owner(python.word(0), now -> now.details().realUid() == null);
      assertThat(root.details().realUid()).as("its real user is proven again").isNull();
      assertThat(is("root", root)).as("its socket is that of the user").isEqualTo(Trilean.NO);
    }
  }

  @Test
  void aProcessThatDropsRootHasItsNewUser() throws Exception {
    String script =
        """
        s = tcp()
        ready(s.getsockname()[1])
        BECOME
        print('dropped', flush=True)
        signal.pause()
        """
            .replace("BECOME", BECOME_NOBODY);
    try (PythonProcess python = PythonProcess.run(script)) {
      assertThat(is("root", look(python.word(0)))).isEqualTo(Trilean.YES);
      assertThat(python.proceed()).isEqualTo("dropped");
      Owner dropped = owner(python.word(0), now -> now.uid() == 65534);
      assertThat(dropped.uid()).isEqualTo(65534);
      assertThat(is("root", dropped)).isEqualTo(Trilean.NO);
      assertThat(is("nobody", dropped)).isEqualTo(Trilean.YES);
    }
  }

  @Test
  void anotherFileAtTheSamePathIsAnotherExecutable() throws Exception {
    Path program = copyOfPython(folder.resolve("server"));
    run("chmod", "755", program.toString());
    Path other = copyOfPython(folder.resolve("other"));
    Files.write(other, new byte[] {1}, StandardOpenOption.APPEND);
    run("chmod", "755", other.toString());
    String script =
        """
        s = tcp()
        s.set_inheritable(True)
        ready(s.getsockname()[1])
        os.rename('OTHER', 'SERVER')
        os.execv('SERVER', ['SERVER', '-c', 'import signal; print(1, flush=True); signal.pause()'])
        """
            .replace("OTHER", other.toString())
            .replace("SERVER", program.toString());
    source.ask(Set.of(OwnerFact.SHA256));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    try (PythonProcess python = PythonProcess.run(command, script)) {
      Owner first = look(python.word(0));
      assertThat(digest(first)).isNotNull();
      assertThat(python.proceed()).isEqualTo("1");
      Owner second = owner(python.word(0), now -> !digest(first).equals(digest(now)));
      assertThat(second.executable()).isEqualTo(first.executable());
      assertThat(digest(second)).isNotNull().isNotEqualTo(digest(first));
    }
  }

  @Test
  void aFileThatAUserMountedOverAnAllowedPathIsNotThatFile() throws Exception {
    Path allowed = copyOfPython(folder.resolve("allowed"));
    Path evil = copyOfPython(folder.resolve("evil"));
    run("chmod", "755", allowed.toString(), evil.toString());
    OwnerTerm term = new OwnerTerm(allowed.toString(), null);
    try (PythonProcess itself = PythonProcess.run(List.of(allowed.toString()), LISTEN)) {
      assertThat(term.accepts(look(itself.word(0)))).isEqualTo(Trilean.YES);
    }
    String mount = "mount --bind " + evil + " " + allowed + " && exec " + allowed + " \"$@\"";
    try (PythonProcess forged = PythonProcess.run(asNobody("-Urm", mount), LISTEN)) {
      Owner owner = look(forged.word(0));
      assertThat(owner.executable()).hasToString(allowed.toString());
      assertThat(owner.details().elsewhere()).isTrue();
      assertThat(term.accepts(owner)).isEqualTo(Trilean.UNKNOWN);
    }
  }

  @Test
  void anInventedPathThatAPatternFitsIsNoProof() throws Exception {
    Path opt = Files.createDirectory(folder.resolve("opt"));
    OwnerTerm term = new OwnerTerm(opt + "/*/bin/server", null);
    String mount =
        ("mount -t tmpfs none OPT && mkdir -p OPT/app/bin && cp /usr/bin/python3 OPT/app/bin/server"
                + " && exec OPT/app/bin/server \"$@\"")
            .replace("OPT", opt.toString());
    try (PythonProcess forged = PythonProcess.run(asNobody("-Urm", mount), LISTEN)) {
      Owner owner = look(forged.word(0));
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
}
