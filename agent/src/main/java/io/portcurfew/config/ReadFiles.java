package io.portcurfew.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes which files one reading touches, and how they stood. */
final class ReadFiles {

  private final Map<Path, String> stamps = new LinkedHashMap<>();
  private final Trust trust;

  ReadFiles() {
    this(Trust.OF_THIS_PROCESS);
  }

  ReadFiles(Trust trust) {
    this.trust = trust;
  }

  /** Whose files are read. */
  Trust trust() {
    return trust;
  }

  /** A file is about to be read: what changes from now on will show. */
  void touch(Path file) {
    stamps.put(file.toAbsolutePath(), FileStamps.of(file));
  }

  Map<Path, String> stamps() {
    return stamps;
  }
}
