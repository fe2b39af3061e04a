package io.portcurfew.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file whole or not at all. */
final class AtomicFile {

  private AtomicFile() {}

  /**
   * Writes a text in UTF-8 in place of what is there.
   *
   * @throws IOException where it cannot; what was there before is as it was
   */
  static void write(Path file, String text) throws IOException {
    String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new";
    Path made = file.resolveSibling(name);
    try {
      Files.writeString(made, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
