package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.PortRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports that the kernel assigns to clients: net.ipv4.ip_local_port_range. */
public final class LocalPortRange {

  /**
   * Documentation/networking/ip-sysctl.rst: the first and the last port, with a blank between them.
   */
  private static final Pattern TWO_PORTS = Pattern.compile("\\s*(\\d{1,5})\\s+(\\d{1,5})\\s*");

  private LocalPortRange() {}

  /**
   * Reads the range.
   *
   * @param root the root folder of the host, {@code /} unless it is a capture
   * @throws IOException if it cannot be read or is no range
   */
  public static PortRange read(Path root) throws IOException {
    Path file = root.resolve("proc/sys/net/ipv4/ip_local_port_range");
    Matcher ports = TWO_PORTS.matcher(inOneRead(file));
    if (!ports.matches()) {
      throw new IOException(file + " does not hold two ports");
    }
    try {
      return new PortRange(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
    } catch (IllegalArgumentException notARange) {
      throw new IOException(file + ": " + notARange.getMessage(), notARange);
    }
  }

  /**
   * A sysctl answers only the first read of an open file (kernel/sysctl.c), and the JDK starts with
   * one byte.
   */
  private static String inOneRead(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[64];
      int read = in.read(buffer);
      return new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    }
  }
}
