package io.portcurfew.cli.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file completely or not at all. */
public final class AtomicFile {

  private AtomicFile() {}

  /**
   * Replaces a file by a text in UTF-8.
   *
   * @throws IOException if that fails; the file is unchanged then
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Replaces a file by bytes.
   *
   * @throws IOException if that fails; the file is unchanged then
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new";
    Path temporary = file.resolveSibling(name);
    try {
      Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
