package io.portcurfew.config.files;

import io.portcurfew.config.yaml.VisibleText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Explains why a file cannot be read. */
public final class FileErrorText {

  private FileErrorText() {}

  /** A sentence about the file itself, such as {@code file not found}. */
  public static String ofFile(IOException error) {
    return error instanceof NoSuchFileException ? "file not found" : "the file " + of(error);
  }

  /** A predicate that follows the name of the file, such as {@code does not exist}. */
  public static String of(IOException error) {
    return error instanceof NoSuchFileException
        ? "does not exist"
        : "cannot be read: " + reason(error);
  }

  /** The reason alone, such as {@code permission denied}. */
  public static String reason(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = error instanceof FileSystemException file ? file.getReason() : null;
    return VisibleText.text(String.valueOf(reason == null ? error.getMessage() : reason));
  }
}
