package io.portcurfew.store;

import io.portcurfew.state.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Damaged databases, kept for a person to inspect. */
final class DamagedFiles {

  private static final String DAMAGED = Database.FILE + ".damaged-";

  /** Bounded, so that a disk that damages every file does not fill up with them. */
  private static final int MOST = 3;

  private static final List<String> PARTS = List.of("", "-wal", "-shm");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DamagedFiles() {}

  /**
   * Renames the database and its companion files; an empty file records that the database was
   * missing.
   */
  static void setAside(Path folder, Instant now) throws IOException {
    Path aside = folder.resolve(DAMAGED + TIME.format(now));
    for (String part : PARTS) {
      Path from = folder.resolve(Database.FILE + part);
      Path to = folder.resolve(aside.getFileName() + part);
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, to);
      } else if (part.isEmpty()) {
        Files.createFile(to, OwnerOnly.attributes(to));
      }
    }
    List<String> all = names(folder);
    for (String oldest : all.subList(0, Math.max(0, all.size() - MOST))) {
      for (String part : PARTS) {
        Files.deleteIfExists(folder.resolve(oldest + part));
      }
    }
  }

  /** The names of the damaged files, the oldest first. */
  static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, DAMAGED + "*Z")) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    Collections.sort(names);
    return names;
  }
}
