package io.portcurfew.config.files;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.TextReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads file paths. */
public final class PathReader {

  private static final int LONGEST = 4096;

  private PathReader() {}

  /** Reads an absolute or relative path. */
  public static Optional<Path> any(Field field, String expected) {
    return TextReader.line(field, LONGEST, expected).flatMap(text -> path(field, text, expected));
  }

  /** Reads an absolute path. */
  public static Optional<Path> absolute(Field field, String expected) {
    return any(field, expected)
        .filter(
            path -> {
              if (!path.isAbsolute()) {
                field.wrong("the path is not absolute", expected);
              }
              return path.isAbsolute();
            });
  }

  private static Optional<Path> path(Field field, String text, String expected) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      // The path holds NUL, or a character that the locale of the process cannot encode.
      field.wrong("not a valid path on this host", expected);
      return Optional.empty();
    }
  }
}
