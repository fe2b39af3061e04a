package io.portcurfew.cli;

import io.portcurfew.config.policy.LearnedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

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
   * Writes a temporary file and moves it into place. If the path is a link, the link is replaced,
   * not its target.
   *
   * @throws IOException if that fails; the file is unchanged then
   */
  void write(byte[] text) throws IOException {
    Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), Path.of("/"));
    Path temporary = Files.createTempFile(folder, "." + path.getFileName(), ".new");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        for (ByteBuffer rest = ByteBuffer.wrap(text); rest.hasRemaining(); ) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
