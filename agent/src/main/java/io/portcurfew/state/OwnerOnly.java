package io.portcurfew.state;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Attributes of files that only the agent's user can read. */
public final class OwnerOnly {

  private OwnerOnly() {}

  /** Mode 0600, if the file system has modes. */
  public static FileAttribute<?>[] attributes(Path file) {
    return attributes(file, "rw-------");
  }

  /** A mode as in {@code rw-------}, if the file system has modes. */
  public static FileAttribute<?>[] attributes(Path file, String mode) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
