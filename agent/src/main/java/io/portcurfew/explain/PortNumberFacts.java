package io.portcurfew.explain;

import io.portcurfew.observe.PortRange;
import java.util.ArrayList;
import java.util.List;

/** What the number of a port alone tells, in sentences. */
final class PortNumberFacts {

  /**
   * What bindresvport() hands out: glibc 2.36 and libtirpc, measured with 500 new processes each,
   * of which every port that came was in here.
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
          "It is within 600-1023, from which bindresvport() of glibc and libtirpc takes a port for"
              + " RPC programs: rpc.statd, rpc.mountd, ypbind, helpers of NFS and clients like rsh"
              + " may hold "
              + port
              + " rightfully, and another port after their next start.");
      facts.add(
          "Look who owns it. If it is such a daemon, give it a fixed port in its own settings, or"
              + " add "
              + port
              + " to /etc/bindresvport.blacklist, which libtirpc obeyed when we tried it and glibc"
              + " 2.36 did not.");
    }
    if (ephemeral.contains(port)) {
      facts.add(
          "It is within "
              + ephemeral
              + ", the ports that this host gives to clients: an unconnected UDP socket here is"
              + " mostly a client's, and any program can be given the port by chance.");
    }
    return facts;
  }

  /** The three ranges of RFC 6335, section 6. */
  private static String range(int port) {
    if (port <= LAST_SYSTEM) {
      return "A system port (0-1023, RFC 6335). On Linux, binding it takes root or"
          + " CAP_NET_BIND_SERVICE unless net.ipv4.ip_unprivileged_port_start says otherwise; other"
          + " systems can be laxer, so the number alone proves nothing about who opened it.";
    }
    return port <= LAST_USER
        ? "A user port (1024-49151, RFC 6335): every user may bind it."
        : "A dynamic port (49152-65535, RFC 6335): never assigned, and every user may bind it.";
  }
}
