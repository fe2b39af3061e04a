package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.web.WebConfigFolder;
import io.portcurfew.system.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  /** A copy of the program with its archives; the policy lies in its folder. */
  private Path homeWithArchives() throws Exception {
    Path home = folder.resolve("made-here");
    Program.must("cp", "-r", Program.HOME.toString(), home.toString());
    makeArchives(home);
    return home;
  }

  /** The same in the folders of the packages, under a root of its own. */
  private Path packageWithArchives() throws Exception {
    Path home = folder.resolve("usr/lib/portcurfew");
    Path shipped = folder.resolve("usr/share/portcurfew/etc");
    Files.createDirectories(home.getParent());
    Files.createDirectories(shipped.getParent());
    Program.must("cp", "-r", Program.HOME.toString(), home.toString());
    Program.must("mv", home + "/config", shipped.toString());
    makeArchives(home);
    return home;
  }

  private void makeArchives(Path home) throws Exception {
    Requirement.program("ssh-keygen");
    Requirement.program("setpriv");
    Requirement.root();
    Path printed = folder.resolve("printed");
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process make =
        Program.builder(asInstalled(temporary, home.resolve("bin/make-archive").toString()))
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(make.waitFor(20, TimeUnit.MINUTES)).isTrue();
    assertThat(make.exitValue()).as(Files.readString(printed)).isZero();
    assertThat(Files.readString(printed)).isEmpty();
    assertThat(temporary).as("what it leaves behind").isEmptyDirectory();
    archived(home + "/portcurfew.jsa", "io/portcurfew/bundle/ArchiveReader");
  }

  private static void archived(String archive, String name) throws Exception {
    Program.must("grep", "-q", name, archive);
  }

  /** A command that sees the user of the service among those of this host. */
  private static List<String> asInstalled(Path temporary, String program) {
    String script =
        """
        mount -t tmpfs tmpfs /mnt
        cp /etc/passwd /etc/group /mnt
        echo portcurfew:x:65532:65532::/nonexistent:/usr/sbin/nologin >>/mnt/passwd
        echo portcurfew:x:65532: >>/mnt/group
        mount --bind /mnt/passwd /etc/passwd
        mount --bind /mnt/group /etc/group
        TMPDIR=$1 exec "$0"
        """;
    return List.of("unshare", "--mount", "sh", "-ec", script, program, temporary.toString());
  }

  @Test
  void classesOfTls_areInAnArchiveForAgentsWithTls() throws Exception {
    Requirement.program("openssl");
    Path home = packageWithArchives();
    String archive = home + "/portcurfew.jsa";
    WebConfigFolder.in(folder)
        .write("tls_server_config: {cert_file: server.crt, key_file: server.key}");
    String text = "state: %s\nweb: {listen: \"127.0.0.1:0\"%s}\n";
    String tls = ", config_file: web-config.yml";
    String loaded = "sun.security.ssl.SSLContextImpl source: shared objects file";
    archived(home + "/portcurfew-tls.jsa", "sun/security/provider/certpath/BasicChecker");
    assertThat(started(home, text.formatted(folder.resolve("state"), tls)))
        .contains(home + "/portcurfew-tls.jsa", loaded)
        .doesNotContain(archive);
    assertThat(started(home, text.formatted(folder.resolve("state"), "")))
        .contains(
            archive,
            "io.portcurfew.cli.RunCommand source: shared objects file",
            "io.portcurfew.config.receivers.WebhookReader source: shared objects file",
            "io.portcurfew.observe.linux.events.source.PerfRing source: shared objects file")
        .doesNotContain(
            home + "/portcurfew-tls.jsa",
            // Only for other arguments, Logback's search and patterns, signed messages, and the
            // pages.
            "picocli.CommandLine source",
            "picocli.CommandLine$Model",
            "ch.qos.logback.classic.util.ContextInitializer",
            "javax.crypto.Mac ",
            "ch.qos.logback.classic.PatternLayout",
            "com.samskivert.mustache");
  }

  /** The classes and the mapped files of an agent that has started. */
  private String started(Path home, String config) throws Exception {
    String hook = "notify: {receivers: [{name: hook, webhook: {url: \"http://127.0.0.1:1\"}}]}\n";
    Path file = Files.writeString(folder.resolve("portcurfew.yaml"), config + hook);
    Path classes = folder.resolve("classes");
    Path log = folder.resolve("log");
    List<String> command =
        List.of(
            "env",
            "PORTCURFEW_JAVA_OPTIONS=-Xlog:class+load:file=" + classes,
            home.resolve("bin/portcurfew").toString(),
            "run",
            "--config",
            file.toString());
    Process agent =
        Program.builder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Daemon.until("it has started", () -> Files.readString(log).contains("metrics are at"));
      Daemon.until("it reads events", () -> Files.readString(classes).contains(".PerfRing "));
      Path maps = Path.of("/proc", String.valueOf(agent.pid()), "maps");
      return Files.readString(classes) + Files.readString(maps);
    } finally {
      ProcessEnd.kill(agent);
    }
  }

  @Test
  void damagedClassArchive_isLeftOut() throws Exception {
    Path home = homeWithArchives();
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
