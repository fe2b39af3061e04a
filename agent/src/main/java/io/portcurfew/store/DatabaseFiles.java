package io.portcurfew.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identities of the files of an open database. SQLite goes on writing to a file that has lost
 * its name, and nobody would find these rows again.
 *
 * @param byName device and inode of each file
 */
record DatabaseFiles(Map<String, Object> byName) {

  /** SQLite keeps the WAL as long as a connection is open (https://www.sqlite.org/wal.html). */
  private static final List<String> NAMES = List.of(Database.FILE, Database.FILE + "-wal", "key");

  DatabaseFiles {
    byName = Map.copyOf(byName);
  }

  /** The present files of the folder. */
  static DatabaseFiles in(Path folder) throws IOException {
    Map<String, Object> found = new LinkedHashMap<>();
    for (String name : NAMES) {
      Object key = key(folder.resolve(name));
      if (key != null) {
        found.put(name, key);
      }
    }
    return new DatabaseFiles(found);
  }

  /** The change of a file since then, as a text; {@code null} if there is none or it is unknown. */
  @Nullable String change(Path folder) {
    try {
      for (String name : NAMES) {
        Object before = byName.get(name);
        Object now = key(folder.resolve(name));
        if (before != null && !Objects.equals(before, now)) {
          return name + " was " + (now == null ? "removed" : "replaced") + " while the agent ran";
        }
      }
    } catch (IOException cannotSay) {
      // The next write finds out.
    }
    return null;
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException none) {
      return null;
    }
  }
}
