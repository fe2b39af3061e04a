package io.portcurfew.observe.oshi;

import io.portcurfew.observe.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that OSHI reads. The agent checks that they are readable, because OSHI reports no
 * listeners if they are not.
 *
 * @param files absolute paths; empty if OSHI asks the system in another way
 * @param counts the files in which the kernel counts the rows of those
 */
record OshiTables(List<Path> files, List<Path> counts) {

  /** A row of /proc/net/sockstat: net/ipv4/proc.c, sockstat_seq_show. */
  private static final Pattern COUNT =
      Pattern.compile("(?m)^(?:TCP|UDP)6?: inuse (\\d{1,9})(?:.* tw (\\d{1,9}))?");

  /** The header of every table in /proc/net, net/ipv4/tcp_ipv4.c. */
  private static final String HEAD = "sl  local_address";

  private static final int MOST_OF_COUNTS = 4096;

  static OshiTables ofThisHost() {
    return System.getProperty("os.name", "").equals("Linux")
        ? ofLinux(Path.of("/proc"))
        : new OshiTables(List.of(), List.of());
  }

  /** Returns the tables below this /proc; those of IPv6 only if the kernel has it. */
  static OshiTables ofLinux(Path proc) {
    List<Path> files = new ArrayList<>();
    files.add(proc.resolve("net/tcp"));
    files.add(proc.resolve("net/udp"));
    if (Files.exists(proc.resolve("sys/net/ipv6"))) {
      files.add(proc.resolve("net/tcp6"));
      files.add(proc.resolve("net/udp6"));
    }
    return new OshiTables(
        List.copyOf(files), List.of(proc.resolve("net/sockstat"), proc.resolve("net/sockstat6")));
  }

  /** About how many rows the tables have; those that cannot be counted are none. */
  long rows() {
    long rows = 0;
    for (Path file : counts) {
      Matcher counted = COUNT.matcher(start(file, MOST_OF_COUNTS));
      while (counted.find()) {
        rows += Integer.parseInt(counted.group(1));
        rows += counted.group(2) == null ? 0 : Integer.parseInt(counted.group(2));
      }
    }
    return rows;
  }

  /** Returns one gap for each table that cannot be read. */
  List<Gap> unreadable(String source) {
    return files.stream()
        .filter(file -> !isTable(file))
        .map(file -> new Gap(source, Gap.What.LISTENERS, "cannot read " + file))
        .toList();
  }

  private static boolean isTable(Path file) {
    return start(file, 64).contains(HEAD);
  }

  private static String start(Path file, int most) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(most), StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
