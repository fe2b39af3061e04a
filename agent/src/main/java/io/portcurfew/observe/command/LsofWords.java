package io.portcurfew.observe.command;

import io.portcurfew.process.ByteText;
import java.util.Set;

/** The words of lsof for types of files, protocols and states. */
final class LsofWords {

  private LsofWords() {}

  private static final Set<String> INET = Set.of("IPv4", "IPv6");

  /** Values of TYPE besides IPv4 and IPv6: from lsof(8), Linux and macOS. */
  private static final Set<String> OTHER =
      Set.of(
          "unix", "sock", "REG", "DIR", "CHR", "BLK", "FIFO", "PIPE", "LINK", "DEL", "DOOR", "PORT",
          "KQUEUE", "NPOLICY", "CHAN", "NEXUS", "NOFD", "UNNM", "STSO", "a_inode", "unknown",
          "netlink", "pack", "raw", "raw6", "rte", "key", "systm", "ndrv", "lla", "ax25", "PSXSHM",
          "PSXSEM", "PSXMQ", "SHM", "EVENTFD", "PROCDSC", "vsock", "MPB", "MPC");

  /** Values of NODE for internet sockets that are not judged. */
  static final Set<String> NOT_JUDGED =
      Set.of("UDPLITE", "SCTP", "DCCP", "ICMP", "ICMPV6", "IGMP", "RAW", "ESP", "AH", "GRE");

  /** States of a TCP socket that does not listen, as the systems spell them. */
  static final Set<String> NOT_LISTENING =
      Set.of(
          "ESTABLISHED",
          "SYN_SENT",
          "SYN_RECV",
          "SYN_RCVD",
          "SYN_RCDV",
          "FIN_WAIT1",
          "FIN_WAIT2",
          "FIN_WAIT_1",
          "FIN_WAIT_2",
          "TIME_WAIT",
          "CLOSE",
          "CLOSED",
          "CLOSE_WAIT",
          "LAST_ACK",
          "CLOSING",
          "BOUND",
          "IDLE");

  /** True if the word is a TYPE. Octal digits are a type without a name in lsof. */
  static boolean isType(String text) {
    return isInet(text) || OTHER.contains(text) || (text.length() == 4 && ByteText.isNumber(text));
  }

  static boolean isInet(String type) {
    return INET.contains(type);
  }

  static boolean isProtocol(String node) {
    return node.equals("TCP") || node.equals("UDP") || NOT_JUDGED.contains(node);
  }
}
