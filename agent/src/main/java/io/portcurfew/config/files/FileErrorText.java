package io.portcurfew.config.files;

import io.portcurfew.config.yaml.VisibleText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read, in words that follow its name. */
public final class FileErrorText {

  private FileErrorText() {}

  public static String of(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (error instanceof AccessDeniedException) {
      return "may not be read by this user";
    }
    return "cannot be read (" + VisibleText.text(String.valueOf(error.getMessage())) + ")";
  }
}
