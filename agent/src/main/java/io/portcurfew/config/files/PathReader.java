package io.portcurfew.config.files;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.TextReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads paths of files on this host. */
public final class PathReader {

  private static final int LONGEST = 4096;

  private PathReader() {}

  /** A path, absolute or not. */
  public static Optional<Path> any(Field field, String expected) {
    return TextReader.line(field, LONGEST, expected).flatMap(text -> path(field, text, expected));
  }

  /** A path from the root on. */
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
      // Also where the locale of the process has no such letters.
      field.wrong("this host cannot have such a path", expected);
      return Optional.empty();
    }
  }
}
