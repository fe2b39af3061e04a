package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Parses the answer of SIOCGIFCONF: the IPv4 addresses of all interfaces (netdevice(7)). */
final class InterfaceList {

  private static final int NAME = 16;

  /** In struct ifreq: the name, and in struct sockaddr_in the family and the port. */
  private static final int ADDRESS_AT = NAME + 4;

  private InterfaceList() {}

  /** Returns the names by address; the label of a further address ({@code eth0:1}) is cut off. */
  static Map<Address, SortedSet<String>> parse(byte[] answer) {
    Map<Address, SortedSet<String>> names = new HashMap<>();
    for (int at = 0; at + SockDiag.IFREQ <= answer.length; at += SockDiag.IFREQ) {
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
