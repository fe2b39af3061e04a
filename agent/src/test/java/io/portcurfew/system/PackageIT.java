package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the packages that {@code mvn package} leaves. */
class PackageIT {

  private static final long MOST_BYTES = 60_000_000;

  @TempDir Path folder;

  @Test
  void packageWithRuntimeIsSmallAndNamesItsConffiles() throws Exception {
    Path deb = deb("portcurfew_*.deb");
    assertThat(Files.size(deb)).isLessThan(MOST_BYTES);
    assertThat(files(deb, "./etc/")).isNotEmpty().isEqualTo(conffiles(deb));
  }

  @Test
  void packageWithoutRuntimeHasTheSameConfig() throws Exception {
    Path deb = deb("portcurfew-nojre_*.deb");
    assertThat(files(deb, "./usr/lib/portcurfew/runtime")).isEmpty();
    assertThat(files(deb, "./etc/")).isEqualTo(conffiles(deb));
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

  private static Path deb(String name) throws IOException {
    Requirement.program("dpkg-deb");
    return target(name);
  }

  private static Path target(String name) throws IOException {
    try (var found = Files.newDirectoryStream(Program.HOME.getParent(), name)) {
      return found.iterator().next();
    }
  }

  private static List<String> conffiles(Path deb) throws Exception {
    return Program.must("dpkg-deb", "-I", deb.toString(), "conffiles").lines().sorted().toList();
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
