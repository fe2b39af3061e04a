package io.portcurfew.observe;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address that a socket is bound to.
 *
 * @param host an IPv4 address in dotted form or an IPv6 address as RFC 5952 writes it; where {@code
 *     cut}, the part of it that a tool printed
 * @param zone the interface that the socket is bound to or that scopes a link-local address, where
 *     the source reports it
 * @param cut true if a tool printed only the first part of it (BSD netstat cuts IPv6 addresses)
 */
public record Address(String host, @Nullable String zone, boolean cut)
    implements Comparable<Address> {

  /** All IPv4 addresses of the host. */
  public static final Address ANY_IPV4 = new Address("0.0.0.0", null, false);

  /** All IPv6 addresses of the host, and its IPv4 addresses too where the socket is dual-stack. */
  public static final Address ANY_IPV6 = new Address("::", null, false);

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
  private static final Comparator<Address> ORDER =
      Comparator.comparing(Address::isIpv6)
          .thenComparing(Address::host)
          .thenComparing(Address::zone, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Address::cut);

  /**
   * Reads an address literal; never asks DNS. Accepts {@code 127.0.0.1}, {@code ::1}, {@code
   * [::1]}, a zone inside or outside the brackets ({@code [fe80::1]%lo}, {@code 127.0.0.53%lo}),
   * and an IPv4-mapped IPv6 address, which takes IPv4 traffic only (RFC 4291, 2.5.5.2) and is
   * therefore read as the IPv4 address.
   *
   * @return empty if the text is not a literal
   */
  public static Optional<Address> parse(String text) {
    String host = text;
    String zone = null;
    int percent = text.indexOf('%');
    if (percent >= 0) {
      boolean inside = text.startsWith("[") && text.endsWith("]");
      zone = text.substring(percent + 1, inside ? text.length() - 1 : text.length());
      host = text.substring(0, percent) + (inside ? "]" : "");
      if (zone.isEmpty()) {
        return Optional.empty();
      }
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        return Optional.empty();
      }
    }
    String visibleZone = zone == null ? null : HostText.of(zone, 64).toString();
    return literal(host).map(ip -> of(ip).in(visibleZone));
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      if (IPV4.matcher(host).matches()) {
        return Optional.of(InetAddress.getByName(host));
      }
      if (host.length() <= 45 && IPV6.matcher(host).matches()) {
        // In brackets the JDK takes a literal or throws; it never asks a resolver.
        return Optional.of(InetAddress.getByName("[" + host + "]"));
      }
    } catch (UnknownHostException notALiteral) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Returns the address of these bytes: 4 for IPv4, 16 for IPv6, in network order. */
  public static Address of(byte[] bytes) {
    try {
      return of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
    }
  }

  /** Converts a JDK address and drops its zone. */
  public static Address of(InetAddress ip) {
    return new Address(
        ip instanceof Inet4Address ? ip.getHostAddress() : ipv6(ip.getAddress()), null, false);
  }

  /** Creates an address from its first characters, which are all that a tool printed. */
  public static Address cutAt(String printed) {
    return new Address(HostText.of(printed, 64).toString(), null, true);
  }

  /** Returns this address bound to an interface; {@code null} changes nothing. */
  public Address in(@Nullable String interfaceName) {
    return interfaceName == null ? this : new Address(host, interfaceName, cut);
  }

  /**
   * Writes the address in the form of RFC 5952: lower case, no leading zeros, the longest run of
   * zeros as {@code ::}.
   */
  private static String ipv6(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((bytes[2 * i] & 0xFF) << 8) | (bytes[2 * i + 1] & 0xFF);
    }
    int start = -1;
    int longest = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > longest) {
        start = i;
        longest = end - i;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        out.append("::");
        i += longest - 1;
      } else {
        out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":");
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }

  /** Returns the 4 or 16 bytes in network order; empty if the address is cut. */
  public Optional<byte[]> bytes() {
    return cut ? Optional.empty() : literal(host).map(InetAddress::getAddress);
  }

  /** Returns true for an IPv6 address. */
  public boolean isIpv6() {
    return host.indexOf(':') >= 0;
  }

  /** Returns true for the wildcard address of its family. */
  public boolean isWildcard() {
    return host.equals(ANY_IPV4.host) || host.equals(ANY_IPV6.host);
  }

  /**
   * Returns true if only this host can reach it: 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291,
   * 2.5.3).
   */
  public boolean isLoopback() {
    return !cut && (host.startsWith("127.") || host.equals("::1"));
  }

  /**
   * Returns true if two sources may mean the same address although one of them reports less of it:
   * no zone, or only the first part.
   */
  public boolean mayBe(Address other) {
    boolean sameZone = zone == null || other.zone == null || zone.equals(other.zone);
    boolean sameHost =
        (cut && other.host.startsWith(host))
            || (other.cut && host.startsWith(other.host))
            || host.equals(other.host);
    return sameZone && sameHost;
  }

  /** The address with its zone, as in {@code fe80::1%eth0}; three dots mark the cut. */
  @Override
  public String toString() {
    return host + (cut ? "..." : "") + (zone == null ? "" : "%" + zone);
  }

  // By hand, since the start compares addresses: see FileStatus.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Address address
        && host.equals(address.host)
        && Objects.equals(zone, address.zone)
        && cut == address.cut;
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + Objects.hashCode(zone);
  }

  @Override
  public int compareTo(Address other) {
    return ORDER.compare(this, other);
  }
}
