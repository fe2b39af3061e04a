package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts where programs in Java are known to fail. */
class SurprisesIT {

  private static final String SEEN = "Sources: sock_diag \\d+, oshi \\d+";

  @TempDir Path folder;

  @BeforeEach
  void onLinux() {
    Requirement.that(System.getProperty("os.name").equals("Linux"), "Linux");
  }

  @Test
  void lowLimitOfOpenFiles_isReportedWithItsRemedy() throws Exception {
    Ended ended = Program.run("sh", "-c", "ulimit -n 32; exec \"$0\" scan", Program.PORTCURFEW);
    assertThat(ended.err())
        .contains("the limit of open files is too low: 32.")
        .contains("ulimit -n");
    assertThat(ended.status()).isEqualTo(75);
  }

  @Test
  void scanNeedsFewFilesAndAddresses() throws Exception {
    String small = "ulimit -n 64; ulimit -v 700000; exec \"$0\" scan";
    Ended ended = Program.run("sh", "-c", small, Program.PORTCURFEW);
    assertThat(ended.out()).as(ended.err()).containsPattern(SEEN);
  }

  @Test
  void theLanguageOfTheHostChangesNothing() throws Exception {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("PORTCURFEW_JAVA_OPTIONS=-Duser.language=tr -Duser.country=TR");
    command.addAll(List.of(Program.PORTCURFEW, "test"));
    try (Stream<Path> tests = Files.list(Program.HOME.resolve("config/policies"))) {
      tests.map(Path::toString).filter(file -> file.endsWith(".test.yaml")).forEach(command::add);
    }
    Ended ended = Program.run(command);
    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
  }

  @Test
  void folderWithABlank_runsNoOtherFile() throws Exception {
    Path home = folder.resolve("an agent");
    Program.must("cp", "-r", Program.HOME.toString(), home.toString());
    Files.write(folder.resolve("an"), new byte[1 << 20]);
    Ended ended = Program.run(home.resolve("bin/portcurfew").toString(), "scan");
    assertThat(ended.out()).as(ended.err()).containsPattern(SEEN);
  }

  @Test
  void noexecTemporaryFolder_hidesNothing() throws Exception {
    Requirement.root();
    Ended ended = mounted("mount -t tmpfs -o noexec none /var/tmp && mount -t tmpfs -o noexec");
    assertThat(ended.out()).as(ended.err()).containsPattern(SEEN);
  }

  @Test
  void readOnlyHost_hidesNothing() throws Exception {
    Requirement.root();
    Ended ended = mounted("mount -o remount,ro,bind / && mount -t tmpfs -o ro");
    assertThat(ended.out()).as(ended.err()).containsPattern(SEEN);
  }

  @Test
  void damagedClassArchive_isLeftOut() throws Exception {
    Path home = folder.resolve("made-here");
    Program.must("cp", "-r", Program.HOME.toString(), home.toString());
    Ended made = Program.run(home.resolve("bin/make-archive").toString());
    assertThat(made.status()).as(made.err()).isZero();
    String loads = "PORTCURFEW_JAVA_OPTIONS=-Xlog:class+load:file=" + folder.resolve("loads");
    String program = home.resolve("bin/portcurfew").toString();
    Program.must("env", loads, program, "check");
    assertThat(Files.readString(folder.resolve("loads")))
        .contains("io.portcurfew.cli.Cli source: shared objects file");
    Files.write(home.resolve("portcurfew.jsa"), new byte[4096]);
    assertThat(Program.must(program, "check")).contains("no problem");
  }

  /** The agent is mounted elsewhere: it may lie in /tmp, which is hidden. */
  private static Ended mounted(String options) throws Exception {
    Requirement.program("unshare");
    String script =
        "mount --bind \"$0\" /mnt && " + options + " none /tmp && exec /mnt/bin/portcurfew scan";
    return Program.run("unshare", "--mount", "sh", "-c", script, Program.HOME.toString());
  }
}
