package io.portcurfew.observe.linux.procnet;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.CountedReading;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** One text table of a network namespace as it was last read, and the looks that left it out. */
final class LastReading {

  /** The looks in a row that leave out a table of UDP without sockets. */
  static final int EMPTY_LOOKS = 5;

  private final Transport transport;
  private final boolean ipv6;
  private final CountedReading reading = new CountedReading();
  private Collection<KernelSocket> sockets = List.of();
  private int latest = SocketCounts.UNKNOWN;
  private int leftOut = EMPTY_LOOKS;

  LastReading(Transport transport, boolean ipv6) {
    this.transport = transport;
    this.ipv6 = ipv6;
  }

  Transport transport() {
    return transport;
  }

  boolean ipv6() {
    return ipv6;
  }

  /** Returns the name of the table. */
  String name() {
    return transport.label() + (ipv6 ? "6" : "");
  }

  Collection<KernelSocket> sockets() {
    return sockets;
  }

  /**
   * Starts a look, and returns true if it reads the table. The count is a sum over CPUs that change
   * meanwhile, so it does not end a known socket.
   *
   * @param now the numbers of sockets of this moment
   * @param quiet the protocols of which events report each opening, and may have reported none here
   */
  boolean isDue(SocketCounts now, Set<Protocol> quiet) {
    latest = now.of(transport, ipv6);
    boolean isQuiet = quiet.contains(transport.protocol());
    boolean countDecides = transport == Transport.TCP || (!isQuiet && leftOut < EMPTY_LOOKS);
    if (latest == 0 && sockets.isEmpty() && countDecides) {
      leftOut++;
      return false;
    }
    leftOut = 0;
    if (isQuiet && reading.isStill(latest)) {
      reading.leaveOut();
      return false;
    }
    return true;
  }

  /**
   * The look has read the table.
   *
   * @param all the sockets of all tables that it read
   * @param isWhole true if the reading has no gap
   */
  void set(Collection<KernelSocket> all, boolean isWhole) {
    List<KernelSocket> own = new ArrayList<>();
    for (KernelSocket socket : all) {
      if (socket.transport() == transport && socket.ipv6() == ipv6) {
        own.add(socket);
      }
    }
    sockets = own;
    reading.read(latest, isWhole);
  }
}
