package io.portcurfew.config.yaml;

import io.portcurfew.text.CountedNoun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one file while it is read. */
public final class Problems {

  /**
   * The most problems listed for one file: a file of 256 KiB may hold a mistake every few bytes.
   */
  public static final int MOST = 1000;

  private final String file;
  private final Consumer<Path> reads;
  private final List<Problem> listed = new ArrayList<>();
  private int omitted;

  /** Problems of a file; the files read for it are not recorded elsewhere. */
  public Problems(String file) {
    this(file, read -> {});
  }

  /**
   * Problems of a file.
   *
   * @param reads receives every file that is read because of this one, before it is read
   */
  public Problems(String file, Consumer<Path> reads) {
    this.file = VisibleText.name(file);
    this.reads = reads;
  }

  /** Records that a file is about to be read. */
  public void reads(Path read) {
    reads.accept(read);
  }

  /** The name of the file, safe to show. */
  public String file() {
    return file;
  }

  /** Adds a problem without a suggestion. */
  public void add(
      Position at,
      @Nullable String path,
      String what,
      @Nullable String found,
      @Nullable String expected) {
    add(at, path, what, found, expected, null);
  }

  /** Adds a problem; only counts it once {@link #MOST} are listed. */
  public void add(
      Position at,
      @Nullable String path,
      String what,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String suggestion) {
    if (listed.size() == MOST) {
      omitted++;
      return;
    }
    listed.add(new Problem(file, at.line(), at.column(), path, what, found, expected, suggestion));
  }

  /** All problems by position; those at one position in the order in which they were added. */
  public List<Problem> inOrder() {
    List<Problem> all = new ArrayList<>(listed);
    all.sort(Problem.BY_POSITION);
    if (omitted > 0) {
      Problem last = all.get(all.size() - 1);
      all.add(
          new Problem(
              file,
              last.line(),
              last.column(),
              null,
              CountedNoun.of(omitted, "more problem") + " not shown; fix these first",
              null,
              null,
              null));
    }
    return List.copyOf(all);
  }

  /** The value if there is one and no problem; otherwise the problems. */
  public <T> ReadResult<T> orGood(Optional<T> value) {
    if (listed.isEmpty() && value.isPresent()) {
      return new ReadResult.Good<>(value.get());
    }
    return new ReadResult.Bad<>(inOrder());
  }
}
