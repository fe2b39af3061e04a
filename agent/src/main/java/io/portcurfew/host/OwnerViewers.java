package io.portcurfew.host;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.ConnectionLookup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The local users who may see the owners of listeners: root and the members of {@code adm}, the
 * group that may read the logs of a Debian. Membership is read from /etc/passwd and /etc/group
 * (passwd(5), group(5)), without a directory service.
 */
public final class OwnerViewers {

  private static final String GROUP = "adm";

  /** A longer file is not read. */
  private static final long MOST_BYTES = 4 << 20;

  private final Path root;

  /** Reads the files below this root folder. */
  public OwnerViewers(Path root) {
    this.root = root;
  }

  /**
   * Returns true if a loopback client of our server is known to be one of them. Whatever cannot be
   * determined is "no".
   */
  public boolean includes(InetSocketAddress client, InetSocketAddress server) {
    return user(client, server).map(this::includes).orElse(false);
  }

  /** Returns the user of a loopback client of our server; empty if that cannot be determined. */
  public static Optional<Long> user(InetSocketAddress client, InetSocketAddress server) {
    if (!client.getAddress().isLoopbackAddress() || !server.getAddress().isLoopbackAddress()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(ConnectionLookup.uid(client, server));
    } catch (KernelException | LinkageError cannotTell) {
      return Optional.empty();
    }
  }

  /** Returns true for root and the members of the group. */
  boolean includes(long uid) {
    if (uid == 0) {
      return true;
    }
    try {
      List<String[]> users = rows("etc/passwd", 4);
      List<String[]> groups = rows("etc/group", 4);
      return isMember(Long.toString(uid), users, groups);
    } catch (IOException cannotTell) {
      return false;
    }
  }

  private static boolean isMember(String uid, List<String[]> users, List<String[]> groups) {
    String[] group = groups.stream().filter(g -> g[0].equals(GROUP)).findFirst().orElse(null);
    List<String[]> own = users.stream().filter(user -> user[2].equals(uid)).toList();
    if (group == null || own.isEmpty()) {
      return false;
    }
    Set<String> names = own.stream().map(user -> user[0]).collect(Collectors.toSet());
    return own.stream().anyMatch(user -> user[3].equals(group[2]))
        || members(group).anyMatch(names::contains);
  }

  private static Stream<String> members(String[] group) {
    return Arrays.stream(group[3].split(",", -1));
  }

  /** The lines of a file that have at least this number of fields. */
  private List<String[]> rows(String file, int fields) throws IOException {
    Path path = root.resolve(file);
    if (Files.size(path) > MOST_BYTES) {
      throw new IOException("too long: " + path);
    }
    return Files.readString(path, StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.split(":", -1))
        .filter(row -> row.length >= fields)
        .toList();
  }
}
