package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The content of the packages that {@code mvn package} makes. */
class PackageIT {

  private static final long MOST_BYTES = 60_000_000;
  private static final String SCHEMAS = "/usr/share/portcurfew/schemas/";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "portcurfew_*.deb",
        "portcurfew-nojre_*_amd64.deb",
        "portcurfew-nojre_*_arm64.deb"
      })
  void upgradeAsksNothingSinceThereAreNoConffiles(String name) throws Exception {
    Path deb = deb(name);

    assertThat(Program.run("dpkg-deb", "-I", deb.toString(), "conffiles").status()).isNotZero();
    assertThat(files(deb, "./etc/")).isEmpty();
    assertThat(files(deb, "./usr/share/portcurfew/"))
        .contains(
            "/usr/share/portcurfew/etc/policy.yaml",
            "/usr/share/portcurfew/etc/portcurfew.yaml",
            "/usr/share/portcurfew/etc/policies/linux-server.yaml",
            "/usr/share/portcurfew/schemas/policy.schema.json")
        .noneMatch(file -> file.endsWith(".test.yaml"));
    assertThat(files(deb, "./usr/lib/systemd/"))
        .containsExactly(
            "/usr/lib/systemd/system/portcurfew-bundle.service",
            "/usr/lib/systemd/system/portcurfew-bundle.timer",
            "/usr/lib/systemd/system/portcurfew.service");
    assertThat(files(deb, "./usr/share/"))
        .contains(
            "/usr/share/man/man1/portcurfew.1.gz",
            "/usr/share/man/man5/portcurfew.yaml.5.gz",
            "/usr/share/man/man5/portcurfew-policy.5.gz",
            "/usr/share/doc/portcurfew/policy.md",
            "/usr/share/doc/portcurfew/examples/systemd/portcurfew-events.conf",
            "/usr/share/doc/portcurfew/examples/systemd/portcurfew-tracefs.conf");
  }

  @Test
  void packageWithRuntimeIsSmall() throws Exception {
    assertThat(Files.size(deb("portcurfew_*.deb"))).isLessThan(MOST_BYTES);
  }

  @Test
  void shippedFilesNameTheInstalledSchemas() throws Exception {
    String tree = "dpkg-deb --fsys-tarfile '" + deb("portcurfew_*.deb") + "' | tar -xO ";

    for (String file : List.of("policy.yaml", "policies/legacy.yaml")) {
      String text = Program.must("sh", "-c", tree + "./usr/share/portcurfew/etc/" + file);
      assertThat(text).startsWith("# yaml-language-server: $schema=" + SCHEMAS + "policy.schema");
    }
  }

  /** The machine of an ELF file is at byte 18 (elf(5)): 62 is x86-64, 183 is aarch64. */
  @ParameterizedTest
  @CsvSource({"amd64, linux-x86-64, x86_64, 62", "arm64, linux-aarch64, aarch64, 183"})
  void packageWithoutRuntime_hasLibrariesOfItsMachine(
      String arch, String jna, String sqlite, int machine) throws Exception {
    Path deb = deb("portcurfew-nojre_*_" + arch + ".deb");
    String natives = "./usr/lib/portcurfew/native/";
    List<String> libraries =
        List.of(
            natives + "com/sun/jna/" + jna + "/libjnidispatch.so",
            natives + "org/sqlite/native/Linux/" + sqlite + "/libsqlitejdbc.so");

    assertThat(files(deb, "./usr/lib/portcurfew/runtime")).isEmpty();
    assertThat(files(deb, natives))
        .isEqualTo(libraries.stream().map(one -> one.substring(1)).toList());
    for (String library : libraries) {
      String unpack = "dpkg-deb --fsys-tarfile '" + deb + "' | tar -xO " + library;
      assertThat(Program.must("sh", "-c", unpack + " | od -An -tu1 -j18 -N2").strip().split(" +"))
          .containsExactly(Integer.toString(machine), "0");
    }
  }

  @Test
  void rpmHasTheContentOfThePackage() throws Exception {
    Requirement.program("rpm");
    String rpm = target("portcurfew-*.rpm").toString();
    Set<String> inDeb = new TreeSet<>(files(deb("portcurfew_*.deb"), "./usr/"));
    inDeb.removeIf(file -> file.startsWith("/usr/share/lintian/"));
    List<String> config = List.of("policy.yaml", "portcurfew.yaml", "policies/legacy.yaml");

    Set<String> inRpm = new TreeSet<>();
    Program.must("rpm", "-qpl", "--noartifact", rpm).lines().forEach(inRpm::add);
    for (String file : config) {
      assertThat(inRpm).contains("/etc/portcurfew/" + file);
      assertThat(Program.must("rpm", "-qpc", rpm)).contains("/etc/portcurfew/" + file + "\n");
    }
    inDeb.removeIf(file -> file.startsWith("/usr/share/portcurfew/etc/"));
    assertThat(inRpm).containsAll(inDeb).contains("/usr/bin/portcurfew");
    assertThat(Program.must("rpm", "-K", rpm)).contains("digests OK");
    assertThat(Program.must("rpm", "-qp", "--scripts", rpm)).contains("try-restart portcurfew");
  }

  @Test
  void onlyRootCanWriteThePackagedFiles() throws Exception {
    assertThat(listing(deb("portcurfew_*.deb")))
        .allMatch(line -> line.contains(" root/root "))
        .noneMatch(line -> line.matches("[-d]....w.*|[-d].......w.*|[-d]..[sS].*|[-d].....[sS].*"));
  }

  @Test
  void tarballRunsFromAFolderWithABlank() throws Exception {
    Path place = Files.createDirectory(folder.resolve("a folder"));
    Program.must("tar", "-xzf", target("portcurfew-*.tar.gz").toString(), "-C", place.toString());
    try (Stream<Path> in = Files.list(place)) {
      Path home = in.findFirst().orElseThrow();
      Ended ended = Program.run(home.resolve("bin/portcurfew").toString(), "check");
      assertThat(ended.out()).as(ended.err()).contains("no problem");
      assertThat(home.resolve("launchd/install")).isExecutable();
    }
  }

  @Test
  void nativeCodeIsLoadedWithoutATemporaryFolder() throws Exception {
    Requirement.that(System.getProperty("os.name").equals("Linux"), "Linux");
    String none = "PORTCURFEW_JAVA_OPTIONS=-Djava.io.tmpdir=" + folder.resolve("none");
    Ended ended = Program.run("env", none, Program.PORTCURFEW, "scan");
    assertThat(ended.out()).containsPattern("Sources: sock_diag \\d+, oshi \\d+");
  }

  @Test
  void theBillOfMaterialsNamesEveryLibrary() throws Exception {
    Path file = Program.HOME.resolve("sbom.cdx.json");
    Requirement.that(Files.exists(file), "a build that was online: the plugin asks for that");
    String bill = Files.readString(file);
    try (Stream<Path> libraries = Files.list(Program.HOME.resolve("lib"))) {
      libraries
          .map(jar -> jar.getFileName().toString().replaceFirst("-[0-9.]+\\.jar$", ""))
          .filter(name -> !name.equals("agent"))
          .forEach(name -> assertThat(bill).contains("/" + name + "@"));
    }
    assertThat(bill).contains("\"bomFormat\" : \"CycloneDX\"").doesNotContain("serialNumber");
  }

  @Test
  void packageNamesTheVersionOfItsRuntime() throws Exception {
    Path deb = deb("portcurfew_*.deb");
    String bill =
        Program.must(
            "sh",
            "-c",
            "dpkg-deb --fsys-tarfile '"
                + deb
                + "' | tar -xO ./usr/lib/portcurfew/runtime/sbom.cdx.json");
    assertThat(bill).contains("\"OpenJDK runtime\"", "\"" + Runtime.version() + "\"", "java.base");
  }

  @Test
  void theShellCompletesCommands() throws Exception {
    Requirement.program("bash");
    Path script = Program.HOME.resolve("share/bash-completion/completions/portcurfew");
    String words =
        "COMP_WORDS=(portcurfew ba); COMP_CWORD=1; _complete_portcurfew; echo \"${COMPREPLY[@]}\"";
    assertThat(Program.must("bash", "-c", ". " + script + "; " + words).strip())
        .isEqualTo("baseline");
  }

  @Test
  void theShellCompletesNamesOfTheHost() throws Exception {
    Requirement.program("bash");
    Path script = Program.HOME.resolve("share/bash-completion/completions/portcurfew");
    Path config = Files.writeString(folder.resolve("none.yaml"), "state: " + folder + "\n");
    String words =
        "portcurfew() { "
            + Program.PORTCURFEW
            + " \"$@\" --config "
            + config
            + "; };"
            + " COMP_WORDS=(portcurfew silence add --rule npmp-g); COMP_CWORD=4;"
            + " _portcurfew; echo \"${COMPREPLY[@]}\"";
    assertThat(Program.must("bash", "-c", ". " + script + "; " + words).strip())
        .isEqualTo("npmp-gui");
  }

  private static Path deb(String name) throws IOException {
    Requirement.program("dpkg-deb");
    return target(name);
  }

  private static Path target(String name) throws IOException {
    try (var found = Files.newDirectoryStream(Program.HOME.getParent(), name)) {
      return found.iterator().next();
    }
  }

  private static List<String> files(Path deb, String below) throws Exception {
    return listing(deb).stream()
        .filter(line -> line.startsWith("-"))
        .map(line -> line.substring(line.indexOf(" ./") + 1))
        .filter(file -> file.startsWith(below))
        .map(file -> file.substring(1))
        .sorted()
        .toList();
  }

  private static List<String> listing(Path deb) throws Exception {
    return Program.must("dpkg-deb", "-c", deb.toString()).lines().toList();
  }
}
