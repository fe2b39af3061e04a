package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the dpkg package of a file. It reads the database of dpkg (deb-md5sums(5),
 * /var/lib/dpkg/info) and runs no program. A file belongs to a package if the package lists its
 * path. The digest shows if the file still has the content from the package.
 */
final class DpkgPackages {

  private static final String USR = "/usr";

  private final Path info;
  private @Nullable FileTime readAt;
  private List<String> names = List.of();

  /**
   * The sorted index. Each entry has the hash of a path in its high bits and the number of the
   * package in its low bits.
   */
  private long[] index = new long[0];

  DpkgPackages(Path root) {
    info = root.resolve("var/lib/dpkg/info");
  }

  /**
   * Returns the name of the package without its architecture, or {@code null} if no package has the
   * file. The name ends with {@code (modified)} if the content differs from the package.
   *
   * @param path the absolute path, with its bytes as ISO 8859-1
   */
  @Nullable HostText of(String path, String md5) {
    refresh();
    // If /bin is a link to /usr/bin, a package may still list the file by its old path.
    String old = path.startsWith(USR + "/") ? path.substring(USR.length()) : path;
    return Stream.of(path, old)
        .distinct()
        .flatMap(
            known ->
                packagesWith(known)
                    .map(name -> named(name, known, md5))
                    .flatMap(Stream::ofNullable))
        .findFirst()
        .orElse(null);
  }

  private @Nullable HostText named(String name, String path, String md5) {
    String entry =
        lines(name + ".md5sums")
            .filter(line -> line.endsWith("  " + path.substring(1)))
            .findFirst()
            .orElse(null);
    if (entry == null) {
      return null;
    }
    String plain = name.replaceFirst(":.*", "");
    return HostText.of(entry.startsWith(md5 + " ") ? plain : plain + " (modified)");
  }

  private Stream<String> packagesWith(String path) {
    long hash = hash(path);
    int at = Arrays.binarySearch(index, hash);
    List<String> found = new ArrayList<>(1);
    for (int i = at < 0 ? -at - 1 : at; i < index.length && (index[i] & ~0xFFFFFFL) == hash; i++) {
      found.add(names.get((int) (index[i] & 0xFFFFFF)));
    }
    return found.stream().filter(name -> lines(name + ".list").anyMatch(path::equals));
  }

  private void refresh() {
    try {
      FileTime changed = Files.getLastModifiedTime(info);
      if (!changed.equals(readAt)) {
        read();
        readAt = changed;
      }
    } catch (IOException | DirectoryIteratorException noDpkg) {
      names = List.of();
      index = new long[0];
      readAt = null;
    }
  }

  private void read() throws IOException {
    List<String> found = new ArrayList<>();
    Stream.Builder<long[]> rows = Stream.builder();
    try (DirectoryStream<Path> lists = Files.newDirectoryStream(info, "*.list")) {
      for (Path list : lists) {
        String file = String.valueOf(list.getFileName());
        int number = found.size();
        found.add(file.substring(0, file.length() - ".list".length()));
        rows.add(lines(file).mapToLong(path -> hash(path) | number).toArray());
      }
    }
    names = found;
    index = rows.build().flatMapToLong(Arrays::stream).sorted().toArray();
  }

  /**
   * Returns a hash of 40 bits. The low 24 bits are zero and have room for the number of a package.
   */
  private static long hash(String path) {
    long hash = 1125899906842597L;
    for (int i = 0; i < path.length(); i++) {
      hash = 31 * hash + path.charAt(i);
    }
    return (hash * 0x9E3779B97F4A7C15L) & ~0xFFFFFFL;
  }

  private Stream<String> lines(String file) {
    try {
      return Files.readAllLines(info.resolve(file), StandardCharsets.ISO_8859_1).stream();
    } catch (IOException unreadable) {
      return Stream.empty();
    }
  }
}
