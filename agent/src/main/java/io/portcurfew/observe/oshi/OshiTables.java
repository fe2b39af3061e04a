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
 * The files that OSHI reads, asked whether they can be read: where they cannot, OSHI says that
 * nothing listens.
 *
 * @param files absolute paths; empty where OSHI asks the system in another way
 */
record Tables(List<Path> files) {

  /** The head of every table in /proc/net, net/ipv4/tcp_ipv4.c. */
  private static final String HEAD = "sl  local_address";

  static Tables ofThisHost() {
    return System.getProperty("os.name", "").equals("Linux")
        ? ofLinux(Path.of("/proc"))
        : new Tables(List.of());
  }

  /** The tables below this /proc; those of IPv6 only where the kernel has it. */
  static Tables ofLinux(Path proc) {
    List<Path> files = new ArrayList<>();
    files.add(proc.resolve("net/tcp"));
    files.add(proc.resolve("net/udp"));
    if (Files.exists(proc.resolve("sys/net/ipv6"))) {
      files.add(proc.resolve("net/tcp6"));
      files.add(proc.resolve("net/udp6"));
    }
    return new Tables(List.copyOf(files));
  }

  /** A gap a table that cannot be read. */
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
