package io.portcurfew.config.yaml;

import java.util.List;

/** What reading came to: a value that can be used, or everything that is wrong. */
public sealed interface ReadResult<T> {

  /** Nothing is wrong. */
  record Good<T>(T value) implements ReadResult<T> {}

  /**
   * The operator has to mend it.
   *
   * @param problems not empty; in order of their position, file by file
   */
  record Bad<T>(List<Problem> problems) implements ReadResult<T> {
    public Bad {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("nothing is wrong");
      }
    }
  }
}
