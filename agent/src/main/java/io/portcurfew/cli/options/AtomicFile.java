package io.portcurfew.cli.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Writes a file completely or not at all. In the folder of another user he may exchange any name at
 * any time, so no link is followed.
 */
public final class AtomicFile {

  private AtomicFile() {}

  /** A text that is written piece by piece. */
  public interface TextContent {

    /** Writes the text. */
    void writeTo(Writer out) throws IOException;
  }

  /**
   * Replaces a file by a text in UTF-8, which need not be in memory as a whole.
   *
   * @throws IOException if that fails; the file is unchanged then
   */
  public static void write(Path file, TextContent text) throws IOException {
    replace(
        file,
        temporary -> {
          try (Writer out =
              Files.newBufferedWriter(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            text.writeTo(out);
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

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
    replace(
        file,
        temporary ->
            Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /**
   * Replaces a file by bytes that are on the disk then.
   *
   * @param permissions the permissions of the file, whatever the umask is
   * @throws IOException if that fails; the file is unchanged then
   */
  public static void write(Path file, byte[] bytes, Set<PosixFilePermission> permissions)
      throws IOException {
    replace(
        file,
        temporary -> {
          Files.write(
              temporary,
              bytes,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.SYNC);
          attributes(temporary).setPermissions(permissions);
        });
  }

  /** Returns a view of the attributes of a file; of a link, those of the link. */
  public static PosixFileAttributeView attributes(Path file) {
    return Files.getFileAttributeView(
        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Writes a new file. */
  private interface FileContent {
    void writeTo(Path temporary) throws IOException;
  }

  private static void replace(Path file, FileContent content) throws IOException {
    String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new";
    Path temporary = file.resolveSibling(name);
    try {
      content.writeTo(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
