package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the names of users in /etc/passwd without a directory service. */
public final class UserNames {

  /** The maximum size of the file. A longer file is not read. */
  private static final long MOST_BYTES = 4 << 20;

  private final Path file;
  private @Nullable FileTime readAt;
  private Map<Long, HostText> names = Map.of();

  /** Creates a reader for the /etc/passwd below this root. */
  public UserNames(Path root) {
    file = root.resolve("etc/passwd");
  }

  /**
   * Returns the first name of a user id, or {@code null}. It reads the file again if the file has
   * changed.
   */
  public @Nullable HostText name(long uid) {
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      if (!changed.equals(readAt) && Files.size(file) <= MOST_BYTES) {
        names = parse(Files.readAllBytes(file));
        readAt = changed;
      }
    } catch (IOException cannotBeRead) {
      names = Map.of();
      readAt = null;
    }
    return names.get(uid);
  }

  /** Parses passwd(5), whose lines are {@code name:password:UID:...}. */
  static Map<Long, HostText> parse(byte[] raw) {
    Map<Long, HostText> names = new HashMap<>();
    for (String line : new String(raw, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String[] fields = line.split(":", 4);
      Long uid = fields.length == 4 ? ProcText.number(fields[2]) : null;
      if (uid != null && !fields[0].isEmpty()) {
        names.putIfAbsent(uid, HostText.of(fields[0].getBytes(StandardCharsets.ISO_8859_1), 64));
      }
    }
    return names;
  }
}
