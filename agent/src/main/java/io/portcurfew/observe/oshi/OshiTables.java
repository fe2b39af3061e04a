package io.portcurfew.observe.oshi;

import io.portcurfew.observe.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that OSHI reads. The agent checks that they are readable, because OSHI reports no
 * listeners if they are not.
 *
 * @param files absolute paths; empty if OSHI asks the system in another way
 */
record OshiTables(List<Path> files) {

  /** The header of every table in /proc/net, net/ipv4/tcp_ipv4.c. */
  private static final String HEAD = "sl  local_address";

  static OshiTables ofThisHost() {
    return System.getProperty("os.name", "").equals("Linux")
        ? ofLinux(Path.of("/proc"))
        : new OshiTables(List.of());
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
    return new OshiTables(List.copyOf(files));
  }

  /** Returns one gap for each table that cannot be read. */
  List<Gap> unreadable(String source) {
    return files.stream()
        .filter(file -> !isTable(file))
        .map(file -> new Gap(source, Gap.What.LISTENERS, "cannot read " + file))
        .toList();
  }

  private static boolean isTable(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(64), StandardCharsets.ISO_8859_1).contains(HEAD);
    } catch (IOException unreadable) {
      return false;
    }
  }
}
