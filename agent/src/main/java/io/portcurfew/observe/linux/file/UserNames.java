package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.proc.ProcText;
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

  /**
   * The number that every user has who has none in our user namespace (user_namespaces(7),
   * overflowuid). It is also that of nobody.
   */
  private static final long OVERFLOW = 65_534;

  /** The number of user ids on a host (user_namespaces(7)). */
  private static final long EVERY_USER = 0xFFFF_FFFFL;

  private final Path file;
  private final boolean numbersAreUnique;
  private @Nullable FileTime readAt;
  private Map<Long, HostText> names = Map.of();

  /** Creates a reader for the /etc/passwd below this root. */
  public UserNames(Path root) {
    file = root.resolve("etc/passwd");
    numbersAreUnique = mapsEveryUser(root.resolve("proc/self/uid_map"));
  }

  /**
   * Returns the first name of a user id, or {@code null} if it has none or may be that of several
   * users. It reads the file again if the file has changed.
   */
  public @Nullable HostText name(long uid) {
    if (uid == OVERFLOW && !numbersAreUnique) {
      return null;
    }
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

  /** Returns true if the lines of a uid_map, "INSIDE OUTSIDE COUNT", map every user. */
  private static boolean mapsEveryUser(Path map) {
    try {
      long count = 0;
      for (String line : Files.readAllLines(map, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.trim().split(" +", -1);
        Long mapped = fields.length == 3 ? ProcText.number(fields[2]) : null;
        count += mapped == null ? 0 : mapped;
      }
      return count == EVERY_USER;
    } catch (IOException withoutUserNamespaces) {
      return true;
    }
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
