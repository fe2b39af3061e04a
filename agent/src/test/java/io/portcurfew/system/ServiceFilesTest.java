package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service files, as the tools of systemd and a plist reader see them. */
class ServiceFilesTest {

  private static final Path UNIT = Path.of("../systemd/portcurfew.service");
  private static final Path BUNDLE = Path.of("../systemd/portcurfew-bundle.service");
  private static final Path TIMER = Path.of("../systemd/portcurfew-bundle.timer");
  private static final Path SYSUSERS = Path.of("../systemd/portcurfew.sysusers");
  private static final Path PLIST = Path.of("../launchd/io.portcurfew.agent.plist");

  @TempDir Path folder;

  @Test
  void systemdFindsNothingWrongWithTheUnit() throws Exception {
    Tool.Result result =
        Tool.run("systemd-analyze", "verify", "--man=no", installed(Files.readString(UNIT)));
    assertThat(result.output()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void systemdWouldTellAMistakeInTheUnit() throws Exception {
    String mistyped = Files.readString(UNIT).replace("ProtectSystem=", "ProtectSytem=");
    assertThat(Tool.run("systemd-analyze", "verify", "--man=no", installed(mistyped)).output())
        .contains("ProtectSytem");
  }

  @Test
  void unit_isRatedAtMost2Point2() throws Exception {
    Tool.Result result =
        Tool.run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=22",
            "--no-pager",
            installed(Files.readString(UNIT)));
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("Overall exposure level");
  }

  @Test
  void unitThatFetchesBundles_isRatedAtMost1Point1_andItsTimerIsRight() throws Exception {
    Path unit = folder.resolve("portcurfew-bundle.service");
    String program = "=/usr/lib/portcurfew/bin/fetch-bundle\n";
    Files.writeString(unit, Files.readString(BUNDLE).replace(program, "=/bin/true\n"));
    Path timer = Files.copy(TIMER, folder.resolve("portcurfew-bundle.timer"));
    Tool.Result verified =
        Tool.run("systemd-analyze", "verify", "--man=no", unit.toString(), timer.toString());
    assertThat(verified.output()).isEmpty();
    Tool.Result rated =
        Tool.run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=11",
            "--no-pager",
            unit.toString());
    assertThat(rated.status()).as(rated.output()).isZero();
  }

  /** A link or a pipe in place of the bundle could make the agent read or wait for another file. */
  @Test
  void unitThatFetchesBundles_hasNoRightsAndMakesNoLinks() throws IOException {
    assertThat(setting(BUNDLE, "ExecStart"))
        .containsExactly("/usr/lib/portcurfew/bin/fetch-bundle");
    assertThat(setting(BUNDLE, "DynamicUser")).containsExactly("yes");
    assertThat(setting(BUNDLE, "CapabilityBoundingSet")).containsExactly("");
    assertThat(setting(BUNDLE, "AmbientCapabilities")).isEmpty();
    assertThat(setting(BUNDLE, "SystemCallFilter"))
        .contains("~symlink symlinkat link linkat mknod mknodat");
    assertThat(setting(BUNDLE, "StateDirectory")).containsExactly("portcurfew-bundle");
    assertThat(setting(TIMER, "ConditionPathExists"))
        .containsExactly(setting(BUNDLE, "EnvironmentFile").get(0).substring(1));
  }

  @ParameterizedTest
  @CsvSource({"minimal, 20", "events, 25", "tracefs, 22"})
  void unitWithADropIn_isRatedAtMost(String dropIn, int most) throws Exception {
    String unit = installed(Files.readString(UNIT));
    Path dropIns = Files.createDirectory(folder.resolve("portcurfew.service.d"));
    Files.copy(
        Path.of("../systemd/portcurfew-" + dropIn + ".conf"), dropIns.resolve(dropIn + ".conf"));
    Tool.Result verified = Tool.run("systemd-analyze", "verify", "--man=no", unit);
    assertThat(verified.output()).isEmpty();
    Tool.Result result =
        Tool.run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=" + most,
            "--no-pager",
            unit);
    assertThat(result.status()).as(result.output()).isZero();
  }

  @Test
  void unitHasOnlyItsCapabilities() throws IOException {
    assertThat(setting("ExecStart"))
        .containsExactly(
            "/usr/lib/portcurfew/bin/portcurfew run --config /etc/portcurfew/portcurfew.yaml");
    assertThat(setting("User")).containsExactly("portcurfew");
    assertThat(setting("AmbientCapabilities"))
        .containsExactly("CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_PERFMON");
    assertThat(setting("CapabilityBoundingSet")).isEqualTo(setting("AmbientCapabilities"));
    assertThat(setting("StateDirectoryMode")).containsExactly("0700");
    assertThat(setting("RestartPreventExitStatus")).containsExactly("78");
    assertThat(setting("Restart")).containsExactly("always");
    assertThat(setting("Type")).containsExactly("notify");
    assertThat(setting("WatchdogSec")).containsExactly("48s");
    assertThat(setting("ExecReload"))
        .containsExactly(setting("ExecStart").get(0).replace(" run ", " reload "));
  }

  /** Outside of the unit the right to trace processes would be that to change those of root. */
  @Test
  void rehearsalOfTheClassArchive_hasTheHarmlessCapabilitiesOfTheUnit() throws IOException {
    String script = Files.readString(Path.of("src/main/dist/bin/make-archive"));
    String rights = setting("AmbientCapabilities").get(0).toLowerCase(Locale.ROOT);
    assertThat(script)
        .contains(
            "for right in " + rights.replace("cap_sys_ptrace ", "").replace("cap_", "") + "; do");
  }

  @Test
  void unitSetsNothingThatBlindsTheAgent() throws IOException {
    for (String key :
        List.of(
            "MemoryDenyWriteExecute",
            "ProtectProc",
            "ProcSubset",
            "PrivateNetwork",
            "PrivateUsers",
            "PrivatePIDs",
            "IPAddressDeny",
            "DynamicUser")) {
      assertThat(setting(key)).as(key).isEmpty();
      assertThat(Files.readString(UNIT)).as("the reason why it is left out").contains(key);
    }
  }

  @Test
  void theUserOfTheUnitIsMade() throws Exception {
    Files.createDirectory(folder.resolve("etc"));
    Tool.Result result =
        Tool.run(
            "systemd-sysusers",
            "--dry-run",
            "--root=" + folder,
            SYSUSERS.toAbsolutePath().normalize().toString());
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("Creating user '" + setting("User").get(0) + "'");
  }

  @Test
  void propertyListIsWellFormed() throws Exception {
    Tool.Result result = readPlist(PLIST);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("\"Label\": \"io.portcurfew.agent\"")
        .contains(
            "\"ProgramArguments\": [\"/usr/local/portcurfew/bin/portcurfew\", \"run\","
                + " \"--config\", \"/usr/local/etc/portcurfew/portcurfew.yaml\"]")
        .contains("\"RunAtLoad\": true")
        .contains("\"KeepAlive\": {\"SuccessfulExit\": false}")
        .contains("\"Umask\": " + 077);
    assertThat(PLIST.getFileName()).hasToString("io.portcurfew.agent.plist");
  }

  @Test
  void aBrokenPropertyListWouldBeSeen() throws Exception {
    Path broken = folder.resolve("broken.plist");
    Files.writeString(broken, Files.readString(PLIST).replace("</array>", ""));
    assertThat(readPlist(broken).status()).isNotZero();
  }

  /** By plistlib of Python: plistutil 2.2 ends with 0 on a file that is cut short. */
  private static Tool.Result readPlist(Path file) throws Exception {
    return Tool.run(
        "python3",
        "-c",
        "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))",
        file.toString());
  }

  /** The unit in a folder of its own, with a program that this host has; its path. */
  private String installed(String unit) throws IOException {
    Path copy = folder.resolve("portcurfew.service");
    Files.writeString(copy, unit.replace("=/usr/lib/portcurfew/bin/portcurfew ", "=/bin/true "));
    return copy.toString();
  }

  private static List<String> setting(String key) throws IOException {
    return setting(UNIT, key);
  }

  private static List<String> setting(Path unit, String key) throws IOException {
    return Files.readAllLines(unit).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }
}
