package io.portcurfew.config.yaml;

import io.portcurfew.config.files.ReadFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one file while it is read. */
public final class Problems {

  /** A file of 256 KiB can hold a mistake every few bytes; nobody reads on after so many. */
  public static final int MOST = 1000;

  private final String file;
  private final ReadFiles files;
  private final List<Problem> told = new ArrayList<>();
  private int untold;

  public Problems(String file) {
    this(file, new ReadFiles());
  }

  /**
   * @param files where reading this file is noted
   */
  public Problems(String file, ReadFiles files) {
    this.file = VisibleText.name(file);
    this.files = files;
  }

  /** Where the file, and every other that is read because of it, is noted. */
  public ReadFiles files() {
    return files;
  }

  /** The name of the file, as it is shown. */
  public String file() {
    return file;
  }

  public void add(Position at, @Nullable String path, String what, String found, String expected) {
    add(at, path, what, found, expected, null);
  }

  public void add(
      Position at,
      @Nullable String path,
      String what,
      String found,
      String expected,
      @Nullable String suggestion) {
    if (told.size() == MOST) {
      untold++;
      return;
    }
    told.add(new Problem(file, at.line(), at.column(), path, what, found, expected, suggestion));
  }

  /** Everything told so far, in order of position; of those at one place the first told first. */
  public List<Problem> inOrder() {
    List<Problem> all = new ArrayList<>(told);
    all.sort(Problem.BY_POSITION);
    if (untold > 0) {
      Problem last = all.get(all.size() - 1);
      all.add(
          new Problem(
              file,
              last.line(),
              last.column(),
              null,
              "there are more problems than are told",
              untold + " more",
              "that these are mended first",
              null));
    }
    return List.copyOf(all);
  }

  /** The value, where there is one and nothing is wrong. */
  public <T> ReadResult<T> orGood(Optional<T> value) {
    if (told.isEmpty() && value.isPresent()) {
      return new ReadResult.Good<>(value.get());
    }
    return new ReadResult.Bad<>(inOrder());
  }
}
