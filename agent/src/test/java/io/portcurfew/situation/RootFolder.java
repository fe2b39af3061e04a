package io.portcurfew.situation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** A folder of a test that root alone can change, as every folder above it. */
final class RootFolder implements TempDirFactory {

  @Override
  public Path createTempDirectory(AnnotatedElementContext place, ExtensionContext test)
      throws IOException {
    Path parent = Path.of("/var/lib");
    // A user who is not root gets any folder: the test is skipped then.
    Path folder =
        Files.isWritable(parent)
            ? Files.createTempDirectory(parent, "portcurfew-test-")
            : Files.createTempDirectory("portcurfew-test-");
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
