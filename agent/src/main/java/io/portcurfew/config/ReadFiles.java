package io.portcurfew.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes which files one reading touches, and how they stood. */
final class ReadFiles {

  private final Map<Path, String> stamps = new LinkedHashMap<>();

  /** A file is about to be read: what changes from now on will show. */
  void touch(Path file) {
    stamps.put(file.toAbsolutePath(), FileStamps.of(file));
  }

  Map<Path, String> stamps() {
    return stamps;
  }
}
