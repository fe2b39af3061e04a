package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.CountedReading;
import io.portcurfew.observe.linux.kernel.CutTable;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last dump of each transport over each family, and the gaps of those that lack sockets. */
final class LastDumps {

  private final String source;
  private final DiagQueries diag;
  private final Map<Transport, DiagQueries.Dump> ipv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, DiagQueries.Dump> ipv6 = new EnumMap<>(Transport.class);
  private final Map<Transport, CountedReading> countsOfIpv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, CountedReading> countsOfIpv6 = new EnumMap<>(Transport.class);

  LastDumps(String source, DiagQueries diag) {
    this.source = source;
    this.diag = diag;
  }

  Collection<DiagQueries.Dump> ofIpv4() {
    return ipv4.values();
  }

  Collection<DiagQueries.Dump> ofIpv6() {
    return ipv6.values();
  }

  /**
   * Returns true if a look leaves out a transport whose openings events report.
   *
   * @param now the kernel's counts of this moment
   */
  boolean leaveOut(Transport transport, boolean overIpv6, SocketCounts now) {
    CountedReading last = reading(transport, overIpv6);
    boolean isStill = last.isStill(now.of(transport, overIpv6));
    if (isStill) {
      last.leaveOut();
    }
    return isStill;
  }

  /** A socket of the last dump has closed, so the next look dumps its transport again. */
  void forgetCount(Transport transport, boolean overIpv6) {
    reading(transport, overIpv6).read(SocketCounts.UNKNOWN, false);
  }

  private CountedReading reading(Transport transport, boolean overIpv6) {
    return (overIpv6 ? countsOfIpv6 : countsOfIpv4)
        .computeIfAbsent(transport, one -> new CountedReading());
  }

  /**
   * Returns true if the last dump showed no socket, and the kernel counts none.
   *
   * @param known the kernel's counts; {@code null} if they do not decide in this look
   */
  boolean areStillEmpty(Transport transport, boolean overIpv6, @Nullable SocketCounts known) {
    DiagQueries.Dump last = (overIpv6 ? ipv6 : ipv4).get(transport);
    return known != null
        && last != null
        && last.rows().isEmpty()
        && !last.torn()
        && known.hasNone(transport, overIpv6);
  }

  /**
   * Dumps a transport over one family.
   *
   * @param most how many sockets to keep
   * @param before the kernel's counts just before; {@code null} if they are not known
   * @param gaps receives what the dump lacks
   * @return true if the kernel gave the same answer as the last time
   */
  boolean dump(
      Transport transport,
      boolean overIpv6,
      int most,
      @Nullable SocketCounts before,
      List<Gap> gaps)
      throws KernelException {
    return keep(ask(transport, overIpv6, most), transport, overIpv6, before, gaps);
  }

  /** As {@link #dump}, for TCP over both families at once. */
  boolean dumpTcp(int most, @Nullable SocketCounts before, List<Gap> gaps) throws KernelException {
    DiagQueries.FamilyDumps dumps = diag.dumpTcp(most);
    boolean same = keep(dumps.ipv4(), Transport.TCP, false, before, gaps);
    return keep(dumps.ipv6(), Transport.TCP, true, before, gaps) && same;
  }

  private DiagQueries.Dump ask(Transport transport, boolean overIpv6, int most)
      throws KernelException {
    try {
      return diag.dump(transport, overIpv6, most);
    } catch (KernelException refusal) {
      // An unsupported transport has no sockets. Without TCP or UDP the scan fails.
      if (transport.protocol() == null && SockDiag.isUnsupported(refusal)) {
        return DiagQueries.Dump.NOTHING;
      }
      throw refusal;
    }
  }

  // The same answer is the same list object, so the rows need no comparison.
  @SuppressWarnings("ReferenceEquality")
  private boolean keep(
      DiagQueries.Dump dump,
      Transport transport,
      boolean overIpv6,
      @Nullable SocketCounts before,
      List<Gap> gaps) {
    int count = before == null ? SocketCounts.UNKNOWN : before.of(transport, overIpv6);
    reading(transport, overIpv6).read(count, !dump.torn() && dump.cutUsers().isEmpty());
    if (dump.torn()) {
      String what = "the kernel's table of " + transport.label() + " changed during two dumps";
      gaps.add(gap(what, transport, overIpv6));
    }
    if (transport.protocol() != null && !dump.cutUsers().isEmpty()) {
      String table = transport.label() + (overIpv6 ? " over IPv6" : " over IPv4");
      gaps.add(CutTable.gap(source, table, dump.cutUsers(), place(transport, overIpv6)));
    }
    DiagQueries.Dump last = (overIpv6 ? ipv6 : ipv4).put(transport, dump);
    return last != null && last.rows() == dump.rows();
  }

  /** Returns a gap: listeners of this transport over this family may be missing. */
  Gap gap(String what, Transport transport, boolean overIpv6) {
    return new Gap(source, Gap.What.LISTENERS, what, null, place(transport, overIpv6));
  }

  private static Place place(Transport transport, boolean overIpv6) {
    Place.AddressFamily family = overIpv6 ? Place.AddressFamily.IPV6 : Place.AddressFamily.IPV4;
    return new Place(null, transport.protocol(), family);
  }

  /** Returns true if its user has more sockets than are kept, so that it may still be open. */
  boolean leaveOut(KernelSocket socket) {
    DiagQueries.Dump dump = (socket.ipv6() ? ipv6 : ipv4).get(socket.transport());
    return dump != null && dump.cutUsers().contains(UserGroup.of(socket.uid()));
  }
}
