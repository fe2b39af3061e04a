package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks any socket for the interfaces of its network namespace by ioctls (netdevice(7)). */
final class InterfaceList {

  /** linux/sockios.h. */
  private static final long SIOCGIFNAME = 0x8910;

  private static final long SIOCGIFCONF = 0x8912;

  /** linux/if.h on 64 bits: struct ifconf, an int and a pointer. */
  private static final int IFCONF = 16;

  /** linux/if.h on 64 bits: struct ifreq, a name of 16 bytes and a union of 24. */
  private static final int IFREQ = 40;

  /** linux/if.h: struct ifreq: ifr_name char[IFNAMSIZ], ifr_ifindex int. */
  private static final int NAME = 16;

  /** In struct ifreq: the name, and in struct sockaddr_in the family and the port. */
  private static final int ADDRESS_AT = NAME + 4;

  private InterfaceList() {}

  /**
   * Returns the name of an interface, or {@code null} if there is none.
   *
   * @param request memory for the request
   */
  static @Nullable String name(int fd, int index, NativeBuffer request) {
    request.clear(IFREQ);
    request.bytes().putInt(NAME, index);
    if (Libc.ioctl(fd, SIOCGIFNAME, request.address()) < 0) {
      return null;
    }
    int length = 0;
    while (length < NAME && request.bytes().get(length) != 0) {
      length++;
    }
    return HostText.of(request.copy(length)).toString();
  }

  /**
   * Returns the names of the interfaces by their IPv4 addresses, or {@code null} if that fails or
   * there are too many.
   *
   * @param request memory for the request
   * @param answer memory for the answer
   */
  static @Nullable Map<Address, SortedSet<String>> ofIpv4(
      int fd, NativeBuffer request, NativeBuffer answer) {
    request.clear(IFCONF);
    request.bytes().putInt(0, answer.size()).putLong(8, answer.address());
    if (Libc.ioctl(fd, SIOCGIFCONF, request.address()) < 0) {
      return null;
    }
    int length = request.bytes().getInt(0);
    return length > answer.size() - IFREQ ? null : parse(answer.copy(length));
  }

  /** Returns the names by address; the label of a further address ({@code eth0:1}) is cut off. */
  private static Map<Address, SortedSet<String>> parse(byte[] answer) {
    Map<Address, SortedSet<String>> names = new HashMap<>();
    for (int at = 0; at + IFREQ <= answer.length; at += IFREQ) {
      int end = at;
      while (end < at + NAME && answer[end] != 0 && answer[end] != ':') {
        end++;
      }
      String name = HostText.of(Arrays.copyOfRange(answer, at, end)).toString();
      Address address =
          Address.of(Arrays.copyOfRange(answer, at + ADDRESS_AT, at + ADDRESS_AT + 4));
      names.computeIfAbsent(address, key -> new TreeSet<>()).add(name);
    }
    return names;
  }
}
