package io.portcurfew.state;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only the user of the agent may read. */
public final class OwnerOnly {

  private OwnerOnly() {}

  /** Mode 0600, where the file system knows modes. */
  public static FileAttribute<?>[] attributes(Path file) {
    return attributes(file, "rw-------");
  }

  public static FileAttribute<?>[] attributes(Path file, String mode) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
