package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts for macOS, below a folder that stands for the root of a Mac. */
class LaunchdScriptsIT {

  @TempDir Path root;

  @Test
  void installingTwice_keepsTheConfig() throws Exception {
    install();
    List<String> once = files();
    assertThat(once)
        .contains(
            "Library/LaunchDaemons/io.portcurfew.agent.plist",
            "usr/local/portcurfew/bin/portcurfew",
            "usr/local/etc/portcurfew/policy.yaml",
            "usr/local/etc/portcurfew/policies/macos.yaml");
    Path config = root.resolve("usr/local/etc/portcurfew/portcurfew.yaml");
    assertThat(Files.readString(config)).contains("\nstate: /var/db/portcurfew\n");
    Files.writeString(config, "scan: {every: 5s}\n");
    install();
    assertThat(files()).isEqualTo(once);
    assertThat(Files.readString(config)).isEqualTo("scan: {every: 5s}\n");
  }

  @Test
  void installedProgramRunsByItsLink() throws Exception {
    install();
    Ended ended = Program.run(root.resolve("usr/local/bin/portcurfew").toString(), "--version");
    assertThat(ended.out()).startsWith("portcurfew ");
    assertThat(ended.status()).isZero();
  }

  @Test
  void uninstallingKeepsTheConfigAndPurgingLeavesNothing() throws Exception {
    install();
    run("uninstall");
    assertThat(files()).allMatch(file -> file.startsWith("usr/local/etc/portcurfew/"));
    run("uninstall");
    run("uninstall", "--purge");
    assertThat(files()).isEmpty();
  }

  private void install() throws Exception {
    assertThat(run("install")).contains("installed: ");
  }

  private String run(String script, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "DESTDIR=" + root));
    command.add(Program.HOME.resolve("launchd").resolve(script).toString());
    command.addAll(List.of(options));
    Ended ended = Program.run(command);
    assertThat(ended.status()).as(ended.err()).isZero();
    return ended.out();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
