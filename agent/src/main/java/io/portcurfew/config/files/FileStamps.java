package io.portcurfew.config.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How each file of one reading stood, those that were not there included. Looking again only asks
 * for attributes; where the answers are equal nobody has touched a file.
 *
 * @param byFile what can be seen of a file without reading it, in no particular form
 */
public record FileStamps(Map<Path, String> byFile) {

  private static final String ABSENT = "absent";

  public FileStamps {
    byFile = Map.copyOf(byFile);
  }

  /** How the same files stand now. */
  public FileStamps again() {
    Map<Path, String> now = new LinkedHashMap<>();
    byFile.keySet().forEach(file -> now.put(file, of(file)));
    return new FileStamps(now);
  }

  /** Of the folder only what {@link GuardedFile} asks: its times change with other files. */
  static String of(Path file) {
    try {
      Path real = file.toRealPath();
      Path parent = real.getParent();
      FileStatus folder = FileStatus.of(parent == null ? real : parent);
      return FileStatus.of(real) + " in " + folder.inode() + " " + folder.shown();
    } catch (IOException notThere) {
      return ABSENT;
    }
  }
}
