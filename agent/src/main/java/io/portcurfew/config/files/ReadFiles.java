package io.portcurfew.config.files;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes which files one reading touches, and how they stood. */
public final class ReadFiles {

  private final Map<Path, String> stamps = new LinkedHashMap<>();
  private final FileTrust trust;

  public ReadFiles() {
    this(FileTrust.OF_THIS_PROCESS);
  }

  public ReadFiles(FileTrust trust) {
    this.trust = trust;
  }

  /** Whose files are read. */
  FileTrust trust() {
    return trust;
  }

  /** A file is about to be read: what changes from now on will show. */
  public void touch(Path file) {
    stamps.put(file.toAbsolutePath(), FileStamps.of(file));
  }

  public Map<Path, String> stamps() {
    return stamps;
  }
}
