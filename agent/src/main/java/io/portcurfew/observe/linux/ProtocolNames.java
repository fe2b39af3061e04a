package io.portcurfew.observe.linux;

import java.util.Locale;
import java.util.Map;

/** The names of the protocols that packet and raw sockets take. */
final class ProtocolNames {

  /** linux/if_ether.h. */
  private static final Map<Integer, String> ETHERNET =
      Map.ofEntries(
          Map.entry(0x0003, "all"),
          Map.entry(0x0800, "ip"),
          Map.entry(0x0806, "arp"),
          Map.entry(0x8035, "rarp"),
          Map.entry(0x86dd, "ipv6"),
          Map.entry(0x8863, "pppoe-discovery"),
          Map.entry(0x8864, "pppoe"),
          Map.entry(0x888e, "eapol"),
          Map.entry(0x88cc, "lldp"),
          Map.entry(0x88f7, "ptp"),
          Map.entry(0x0004, "802.2"));

  /** linux/in.h and linux/in6.h. */
  private static final Map<Integer, String> IP =
      Map.ofEntries(
          Map.entry(1, "icmp"),
          Map.entry(2, "igmp"),
          Map.entry(6, "tcp"),
          Map.entry(17, "udp"),
          Map.entry(47, "gre"),
          Map.entry(50, "esp"),
          Map.entry(51, "ah"),
          Map.entry(58, "ipv6-icmp"),
          Map.entry(89, "ospf"),
          Map.entry(103, "pim"),
          Map.entry(112, "vrrp"),
          Map.entry(132, "sctp"),
          Map.entry(255, "raw"));

  private ProtocolNames() {}

  /** Returns the name of an Ethernet type, or its number as in {@code 0x88b5}. */
  static String ethernet(int type) {
    return ETHERNET.getOrDefault(type, String.format(Locale.ROOT, "0x%04x", type));
  }

  /** Returns the name of an IP protocol, or its number. */
  static String ip(int protocol) {
    return IP.getOrDefault(protocol, Integer.toString(protocol));
  }
}
