package io.portcurfew.config.yaml;

import java.util.List;

/** The result of reading a file: a valid value, or every problem. */
public sealed interface ReadResult<T> {

  /** The file has no problem. */
  record Good<T>(T value) implements ReadResult<T> {}

  /**
   * The operator has to correct the file.
   *
   * @param problems not empty; in order of their position, file by file
   */
  record Bad<T>(List<Problem> problems) implements ReadResult<T> {
    public Bad {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a bad result needs a problem");
      }
    }
  }
}
