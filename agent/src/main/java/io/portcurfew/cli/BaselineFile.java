package io.portcurfew.cli;

import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.config.policy.LearnedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a baseline, which is written completely or not at all. */
record BaselineFile(Path path) {

  /** True if the file is absent or a generated baseline. */
  boolean mayBeReplaced() throws IOException {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isLearned();
  }

  /** True if the file is a generated baseline. */
  boolean isLearned() throws IOException {
    return LearnedFile.isAt(path);
  }

  /**
   * Writes the file, which everybody may read. If the path is a link, the link is replaced, not its
   * target.
   *
   * @throws IOException if that fails; the file is unchanged then
   */
  void write(byte[] text) throws IOException {
    AtomicFile.write(path, text, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
