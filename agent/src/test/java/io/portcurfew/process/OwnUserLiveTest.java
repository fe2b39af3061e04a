package io.portcurfew.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@LiveHost
@EnabledOnOs(OS.LINUX)
class OwnUserLiveTest {

  /** Debian reserves this number, so it has no name. */
  private static final int WITHOUT_NAME = 65_530;

  @TempDir private Path folder;

  /** Prints the user of its process. */
  static final class UserPrinter {
    public static void main(String[] none) {
      System.out.println(OwnUser.id());
    }
  }

  /** Containers run with any number (runAsUser of Kubernetes). */
  @Test
  void userWithoutAName_isNotRoot() throws Exception {
    Requirement.root();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path classes = Files.createDirectories(folder.resolve("io/portcurfew/process"));
    for (Class<?> one : List.of(OwnUser.class, UserPrinter.class)) {
      String name = one.getName().substring(one.getPackageName().length() + 1) + ".class";
      try (InputStream in = one.getResourceAsStream(name)) {
        Files.copy(in, classes.resolve(name));
      }
    }
    Tool.Result printed =
        Tool.run(
            "setpriv",
            "--reuid=" + WITHOUT_NAME,
            "--regid=" + WITHOUT_NAME,
            "--clear-groups",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            folder.toString(),
            UserPrinter.class.getName());
    assertThat(printed.output()).isEqualToIgnoringNewLines(Integer.toString(WITHOUT_NAME));
  }
}
