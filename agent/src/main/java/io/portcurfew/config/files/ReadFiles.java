package io.portcurfew.config.files;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Records the files of one reading and their stamps. */
public final class ReadFiles {

  private final Map<Path, String> stamps = new LinkedHashMap<>();
  private final FileTrust trust;

  /** Files that this process must trust. */
  public ReadFiles() {
    this(FileTrust.OF_THIS_PROCESS);
  }

  /** Files whose owner {@code trust} must allow. */
  public ReadFiles(FileTrust trust) {
    this.trust = trust;
  }

  /** The owners whose files are read. */
  public FileTrust trust() {
    return trust;
  }

  /** Records the stamp of a file; call it just before reading, so that a later change shows. */
  public void touch(Path file) {
    stamps.put(file.toAbsolutePath(), FileStamps.of(file));
  }

  /** The stamps by file. */
  public Map<Path, String> stamps() {
    return stamps;
  }
}
