package io.portcurfew.config.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The attributes of each file of one reading, also of missing files. Equal stamps mean that no file
 * has changed; comparing them reads no file.
 *
 * @param byFile the attributes of each file as opaque text
 */
public record FileStamps(Map<Path, String> byFile) {

  private static final String ABSENT = "absent";

  public FileStamps {
    byFile = Map.copyOf(byFile);
  }

  /** The current stamps of the same files. */
  public FileStamps again() {
    Map<Path, String> now = new LinkedHashMap<>();
    byFile.keySet().forEach(file -> now.put(file, of(file)));
    return new FileStamps(now);
  }

  /** Of the folder only the parts that {@link GuardedFile} checks: its times change often. */
  static String of(Path file) {
    try {
      Path real = file.toRealPath();
      Path parent = real.getParent();
      String folder = FileStatus.numbersOfFolder(parent == null ? real : parent);
      return FileStatus.numbers(real) + " in " + folder;
    } catch (IOException notThere) {
      return ABSENT;
    }
  }
}
