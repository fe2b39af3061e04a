package io.portcurfew.observe;

import org.jspecify.annotations.Nullable;

/**
 * Ports from first to last, both included.
 *
 * @param first 1 to 65535
 * @param last not below {@code first}
 */
public record PortRange(int first, int last) {

  /**
   * The default of Linux for client ports: net.ipv4.ip_local_port_range,
   * Documentation/networking/ip-sysctl.rst.
   */
  public static final PortRange LINUX_EPHEMERAL = new PortRange(32768, 60999);

  /** The default of macOS, Windows and FreeBSD for client ports: RFC 6335, section 6. */
  public static final PortRange IANA_EPHEMERAL = new PortRange(49152, 65535);

  public PortRange {
    if (first < 1 || last > 65535 || first > last) {
      throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
    }
  }

  /** Returns true if the port is in the range. */
  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  // By hand, since the start compares ranges: see FileStatus.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PortRange range && first == range.first && last == range.last;
  }

  @Override
  public int hashCode() {
    return 31 * first + last;
  }

  /** Writes it as in the policy: {@code 611} or {@code 600-1023}. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
