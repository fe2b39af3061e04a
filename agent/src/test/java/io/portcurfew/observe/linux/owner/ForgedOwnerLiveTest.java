package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Trilean;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** User 65534, and processes that change, seem to be the owner that a rule accepts. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class ForgedOwnerLiveTest {

  /** Enough for every owner of a busy host to be proven in its turn, its users and unit too. */
  private static final int LOOKS = 400;

  private static final String BECOME_NOBODY =
      "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n";

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

  /** The owner as the first look that fits sees it, or the last. */
  private Owner owner(int port, Predicate<Owner> fits) throws InterruptedException {
    long end = System.nanoTime() + Daemon.PATIENCE.toNanos();
    Owner owner = look(port);
    for (int i = 1; (i < LOOKS || System.nanoTime() - end < 0) && !fits.test(owner); i++) {
      owner = look(port);
    }
    return owner;
  }

  private Owner look(int port) throws InterruptedException {
    return LiveOwner.look(source, port);
  }

  private static Trilean is(String user, Owner owner) {
    return new OwnerTerm(null, user).accepts(owner);
  }

  private static @Nullable HostText digest(Owner owner) {
    return owner.details().sha256();
  }

  @Test
  void setuidProgramWithAUserSocket_isNotRoot() throws Exception {
    Path setuid = LiveOwner.copyOfPython(folder.resolve("setuid"));
    LiveOwner.run("chmod", "4755", setuid.toString());
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
  void processThatDropsRoot_hasItsNewUser() throws Exception {
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
  void anotherFileAtThePath_isAnotherExecutable() throws Exception {
    Path program = LiveOwner.copyOfPython(folder.resolve("server"));
    LiveOwner.run("chmod", "755", program.toString());
    Path other = LiveOwner.copyOfPython(folder.resolve("other"));
    Files.write(other, new byte[] {1}, StandardOpenOption.APPEND);
    LiveOwner.run("chmod", "755", other.toString());
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
      // The digest of the other file is absent until it is computed.
      Owner second =
          owner(python.word(0), now -> digest(now) != null && !digest(first).equals(digest(now)));
      assertThat(second.executable()).isEqualTo(first.executable());
      assertThat(digest(second)).isNotNull().isNotEqualTo(digest(first));
    }
  }

  /**
   * Two users may bind UDP sockets to one endpoint (SO_REUSEADDR, socket(7)). More processes may
   * receive the second one than are named.
   */
  @Test
  void socketInFlightBesideAnAcceptedOne_isNotAccepted() throws Exception {
    String shared =
        """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('127.0.0.1', %s))
        """;
    String inFlight =
        BECOME_NOBODY
            + shared
            + """
            left, right = socket.socketpair()
            socket.send_fds(left, [b'x'], [s.fileno()])
            s.close()
            for _ in range(9):
                if os.fork() == 0:
                    libc.prctl(1, signal.SIGKILL)
                    signal.pause()
            ready()
            """;
    try (PythonProcess known =
        PythonProcess.run(shared.formatted(0) + "ready(s.getsockname()[1])")) {
      int port = known.word(0);
      assertThat(listener(port).hasAnotherOwner()).isFalse();
      try (PythonProcess unknown = PythonProcess.run(inFlight.formatted(port))) {
        assertThat(unknown.pid()).isPositive();
        Listener both = listener(port);
        assertThat(both.owners()).extracting(Owner::pid).containsExactly(known.pid());
        assertThat(both.hasAnotherOwner()).isTrue();
        assertThat(new RuleTerms(List.of(), List.of(new OwnerTerm(null, "root"))).accept(both))
            .isEqualTo(Trilean.UNKNOWN);
      }
    }
  }

  private Listener listener(int port) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The kernel takes the executable segment of a program for its code (mm->end_code,
   * load_elf_binary in fs/binfmt_elf.c). This one is empty, and the code is that of its
   * interpreter: pause(2).
   */
  @Test
  void programWithoutCodeOfItsOwn_isAnOwner() throws Exception {
    Requirement.that(
        System.getProperty("os.arch").equals("amd64"), "a processor with the code of x86-64");
    String script =
        """
        import struct
        def program(path, kind, entry, segments, content):
            head = b'\\x7fELF\\x02\\x01\\x01' + bytes(9)
            head += struct.pack('<HHIQQQIHHHHHH', kind, 62, 1, entry, 64, 0, 0, 64, 56, len(segments), 0, 0, 0)
            with open(path, 'wb') as file:
                file.write(head + b''.join(struct.pack('<IIQQQQQQ', *one) for one in segments) + content)
            os.chmod(path, 0o755)
        code = bytes.fromhex('b8220000000f05ebf7')
        program('FOLDER/interpreter', 3, 120, [(1, 5, 0, 0, 0, 129, 129, 4096)], code)
        name = b'FOLDER/interpreter\\0'
        segments = [(3, 4, 176, 0, 0, len(name), len(name), 1), (1, 5, 0, 0x400000, 0, 0, 4096, 4096)]
        program('FOLDER/empty', 2, 0x400000, segments, name)
        """
            + BECOME_NOBODY
            + """
            s = tcp()
            s.set_inheritable(True)
            print(s.getsockname()[1], flush=True)
            os.execv('FOLDER/empty', ['empty'])
            """;
    try (PythonProcess python = PythonProcess.run(script.replace("FOLDER", folder.toString()))) {
      Owner empty =
          owner(python.word(0), now -> String.valueOf(now.executable()).endsWith("/empty"));
      assertThat(empty.executable()).hasToString(folder.resolve("empty").toString());
      assertThat(empty.uid()).isEqualTo(65534);
    }
  }
}
