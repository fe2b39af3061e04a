package io.portcurfew.explain;

import io.portcurfew.observe.PortRange;
import java.util.ArrayList;
import java.util.List;

/** Facts that follow from the number of a port, in sentences. */
final class PortNumberFacts {

  /**
   * The ports that bindresvport() assigns, measured for glibc 2.36 and libtirpc with 500 new
   * processes each.
   */
  static final PortRange BINDRESVPORT = new PortRange(600, 1023);

  private static final int LAST_SYSTEM = 1023;
  private static final int LAST_USER = 49151;

  private PortNumberFacts() {}

  static List<String> about(int port, PortRange ephemeral) {
    List<String> facts = new ArrayList<>();
    facts.add(range(port));
    if (BINDRESVPORT.contains(port)) {
      facts.add(
          "It is within 600-1023, the range from which bindresvport() of glibc and libtirpc assigns"
              + " ports to RPC programs. The programs rpc.statd, rpc.mountd and ypbind, helpers of"
              + " NFS and clients like rsh may legitimately use "
              + port
              + ", and another port after their next start.");
      facts.add(
          "Check its owner. If it is such a daemon, configure a fixed port for it or add "
              + port
              + " to /etc/bindresvport.blacklist. In tests, libtirpc honoured that file and glibc"
              + " 2.36 did not.");
    }
    if (ephemeral.contains(port)) {
      facts.add(
          "It is within "
              + ephemeral
              + ", the client ports of this host: an unconnected UDP socket here usually belongs to"
              + " a client, and any program may get the port by chance.");
    }
    return facts;
  }

  /** The three ranges of RFC 6335, section 6. */
  private static String range(int port) {
    if (port <= LAST_SYSTEM) {
      return "This is a system port (0-1023, RFC 6335). On Linux, binding it requires root or"
          + " CAP_NET_BIND_SERVICE unless net.ipv4.ip_unprivileged_port_start changes this. Other"
          + " systems may allow every user, so the number alone proves nothing about the owner.";
    }
    return port <= LAST_USER
        ? "This is a user port (1024-49151, RFC 6335): every user may bind it."
        : "This is a dynamic port (49152-65535, RFC 6335): it is never assigned, and every user may"
            + " bind it.";
  }
}
