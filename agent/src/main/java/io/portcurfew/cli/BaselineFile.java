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

/** The file that a baseline is written to: wholly, or not at all. */
record BaselineFile(Path path) {

  /** Whether there is nothing, or a baseline that was learnt. */
  boolean mayBeReplaced() throws IOException {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isLearnt();
  }

  /** Whether a learnt baseline is there. */
  boolean isLearnt() throws IOException {
    return LearnedFile.isAt(path);
  }

  /**
   * Writes beside it and moves that into its place. A link is replaced itself, not what it leads
   * to.
   *
   * @throws IOException where that fails; then the file is as it was
   */
  void write(byte[] text) throws IOException {
    Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), Path.of("/"));
    Path made = Files.createTempFile(folder, "." + path.getFileName(), ".new");
    try {
      try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
        for (ByteBuffer rest = ByteBuffer.wrap(text); rest.hasRemaining(); ) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
