package io.portcurfew.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Scripts of one interpreter, and executables that are links. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ScriptLiveTest {

  private static final String LISTEN =
      """
      import socket, sys
      s = socket.socket()
      s.bind(('127.0.0.1', 0))
      s.listen()
      print(s.getsockname()[1], flush=True)
      sys.stdin.read()
      """;

  @TempDir(factory = RootFolder.class)
  private Path folder;

  @BeforeEach
  void install() throws Exception {
    Requirement.root();
    for (String name : List.of("first.py", "second.py")) {
      Files.writeString(folder.resolve(name), LISTEN);
      mode(folder.resolve(name), "rw-r--r--");
    }
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private PythonProcess start(String script) throws IOException {
    return PythonProcess.runFile(List.of("/usr/bin/python3", folder.resolve(script).toString()));
  }

  private LiveJudgement judged(PythonProcess running) throws Exception {
    LiveJudgement judged =
        LiveJudgement.by(
            """
            version: 1
            rules:
              - name: first
                ports: PORT
                expect: allowed
                by: [{executable: /usr/bin/python3, script: FOLDER/first.py, user: root}]
            """
                .replace("PORT", Integer.toString(running.word(0)))
                .replace("FOLDER", folder.toString()));
    // Arguments are read in so little time that a busy machine may miss it.
    Daemon.until("its arguments are read", () -> hasArguments(judged, running));
    return judged;
  }

  private static boolean hasArguments(LiveJudgement judged, PythonProcess running)
      throws InterruptedException {
    Owner owner = judged.listener(running.word(0)).owners().get(0);
    if (owner.details().firstArgument() != null) {
      return true;
    }
    judged.again();
    return false;
  }

  private static OwnerDetails.Script script(LiveJudgement judged, PythonProcess running) {
    return Objects.requireNonNull(
        judged.listener(running.word(0)).owners().get(0).details().script());
  }

  @Test
  void scriptsOfOneInterpreterAreDistinguished() throws Exception {
    try (PythonProcess first = start("first.py");
        PythonProcess second = start("second.py");
        LiveJudgement ofFirst = judged(first);
        LiveJudgement ofSecond = judged(second)) {
      assertThat(ofFirst.kinds(first.word(0))).isEmpty();
      assertThat(ofSecond.kinds(second.word(0))).containsExactly("wrong-owner");
      assertThat(script(ofSecond, second).path())
          .hasToString(folder.resolve("second.py").toString());
    }
  }

  @Test
  void scriptIsFoundFromTheFolderOfTheProcess() throws Exception {
    String command = "cd " + folder + " && exec /usr/bin/python3 -u ./first.py";
    try (PythonProcess first = PythonProcess.runFile(List.of("sh", "-c", command));
        LiveJudgement judged = judged(first)) {
      assertThat(judged.kinds(first.word(0))).isEmpty();
    }
  }

  @Test
  void scriptThatOthersCanChangeProvesNothing() throws Exception {
    mode(folder.resolve("first.py"), "rw-rw-r--");
    try (PythonProcess first = start("first.py");
        LiveJudgement judged = judged(first)) {
      assertThat(script(judged, first).isProven()).isFalse();
      assertThat(judged.kinds(first.word(0))).containsExactly("owner-unknown");
    }
  }

  @Test
  void scriptInAFolderOfAnotherUserProvesNothing() throws Exception {
    assertThat(Tool.run("chown", "65534", folder.toString()).status()).isZero();
    try (PythonProcess first = start("first.py");
        LiveJudgement judged = judged(first)) {
      assertThat(judged.kinds(first.word(0))).containsExactly("owner-unknown");
    }
  }

  @Test
  void scriptOfAMountOfAUserProvesNothing() throws Exception {
    String cover = "mount --bind " + folder + " /mnt && exec /usr/bin/python3 /mnt/first.py";
    List<String> command = List.of("unshare", "-m", "sh", "-c", cover);
    try (PythonProcess first = PythonProcess.runFile(command);
        LiveJudgement judged = judged(first)) {
      assertThat(script(judged, first)).matches(script -> !script.isProven());
      assertThat(judged.kinds(first.word(0))).containsExactly("wrong-owner");
    }
  }

  @Test
  void interpreterWithoutAScriptIsUnknown() throws Exception {
    try (PythonProcess inline = PythonProcess.runFile(List.of("/usr/bin/python3", "-c", LISTEN));
        LiveJudgement judged = judged(inline)) {
      assertThat(judged.kinds(inline.word(0))).containsExactly("owner-unknown");
    }
  }
}
