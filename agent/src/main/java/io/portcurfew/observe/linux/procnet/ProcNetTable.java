package io.portcurfew.observe.linux.procnet;

import com.sun.jna.Native;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.CutTable;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lists listening sockets from the text tables of /proc/net. It is used if sock_diag is refused, or
 * on a captured host.
 *
 * <p>A table that takes several calls is not a snapshot: while sockets open and close, the kernel
 * can skip some between two calls and show some twice. So it is read until two readings in a row
 * agree; if they never do, the result has a gap. A table with more listening sockets than are kept
 * is read once.
 *
 * <p>Each reading of a TCP table takes the kernel some milliseconds, because it walks the
 * connections of all namespaces (tcp_seq_next in net/ipv4/tcp_ipv4.c). So the table of a family
 * without sockets is not read; /proc/net/sockstat counts those of the namespace. Where events
 * report each opening, a table is not read either while that number is the same, most of the time.
 */
public final class ProcNetTable implements SocketTable {

  private static final int MOST_READS = 4;

  private final String source;
  private final String folder;
  private final ToIntFunction<String> opener;
  private final LineReader reader = new LineReader();
  private final List<LastReading> tables =
      List.of(
          new LastReading(Transport.TCP, false),
          new LastReading(Transport.TCP, true),
          new LastReading(Transport.UDP, false),
          new LastReading(Transport.UDP, true));
  private @Nullable SocketCounts counts;
  private Map<Object, KernelSocket> before = Map.of();

  ProcNetTable(String source, String folder, ToIntFunction<String> opener) {
    this.source = source;
    this.folder = folder;
    this.opener = opener;
  }

  /** Returns the tables of the agent's namespace: {@code proc/net} below the root. */
  public static ProcNetTable ofHost(String source, ProcFs proc) {
    return new ProcNetTable(
        source, "/proc/net", name -> proc.open("proc/net/" + name, Libc.O_RDONLY));
  }

  /** Returns the tables of a process's namespace; it is safe if the pid is reused later. */
  public static ProcNetTable of(String source, ProcessFolder member) {
    String folder = "/proc/" + member.pid() + "/net";
    return new ProcNetTable(source, folder, name -> member.open("net/" + name));
  }

  private record TableReading(
      Map<Object, KernelSocket> sockets, List<Gap> gaps, boolean cut, boolean needsAnother) {}

  @Override
  public Contents look(int most) throws KernelException {
    return look(most, Set.of());
  }

  @Override
  public Contents lookQuietly(int most, Set<Protocol> quiet) throws KernelException {
    return look(most, quiet);
  }

  private Contents look(int most, Set<Protocol> quiet) throws KernelException {
    SocketCounts now = counts();
    List<LastReading> due = new ArrayList<>(0);
    for (LastReading table : tables) {
      if (table.isDue(now, quiet)) {
        due.add(table);
      }
    }
    if (due.isEmpty()) {
      return new Contents(before.values(), List.of(), false);
    }
    List<Gap> gaps = new ArrayList<>(0);
    Collection<KernelSocket> found = read(due, most, gaps).values();
    for (LastReading table : due) {
      table.set(found, gaps.isEmpty());
    }
    Map<Object, KernelSocket> sockets = new LinkedHashMap<>();
    for (LastReading table : tables) {
      table.sockets().forEach(socket -> sockets.put(socket.key(), socket));
    }
    boolean changed =
        !sockets.keySet().equals(before.keySet())
            || sockets.values().stream().anyMatch(socket -> !isStill(socket));
    before = sockets;
    return new Contents(sockets.values(), gaps, changed);
  }

  private SocketCounts counts() {
    SocketCounts open = counts != null ? counts : SocketCounts.open(opener);
    counts = open;
    open.read();
    return open;
  }

  private boolean isStill(KernelSocket socket) {
    KernelSocket known = before.get(socket.key());
    return known != null && known.isStill(socket);
  }

  /** Reads tables until two readings agree, if several calls are needed. */
  private Map<Object, KernelSocket> read(List<LastReading> due, int most, List<Gap> gaps)
      throws KernelException {
    TableReading first = readOnce(due, most);
    TableReading second = first.needsAnother() ? readOnce(due, most) : first;
    int reads = 2;
    while (!agree(first, second) && !second.cut() && reads < MOST_READS) {
      first = second;
      second = readOnce(due, most);
      reads++;
    }
    Map<Object, KernelSocket> sockets = new LinkedHashMap<>(second.sockets());
    gaps.addAll(second.gaps());
    if (!second.cut()) {
      first.sockets().forEach(sockets::putIfAbsent);
    }
    if (!second.cut() && !agree(first, second)) {
      gaps.add(
          new Gap(
              source,
              Gap.What.LISTENERS,
              folder + " changed in " + reads + " reads: sockets may be missing"));
    }
    return sockets;
  }

  private static boolean agree(TableReading first, TableReading second) {
    return first.sockets().keySet().equals(second.sockets().keySet());
  }

  private TableReading readOnce(List<LastReading> due, int most) throws KernelException {
    Map<Object, KernelSocket> sockets = new LinkedHashMap<>();
    List<Gap> gaps = new ArrayList<>(0);
    boolean cut = false;
    boolean inOneCall = true;
    for (LastReading table : due) {
      ProcNetRows rows = new ProcNetRows(table.transport(), table.ipv6(), most);
      inOneCall &= read(rows, table, sockets, gaps);
      cut |= rows.rows().isCut();
    }
    return new TableReading(sockets, gaps, cut, !cut && !inOneCall);
  }

  /** Reads one table, and returns true if one call returned all of it. */
  private boolean read(
      ProcNetRows table, LastReading kind, Map<Object, KernelSocket> sockets, List<Gap> gaps)
      throws KernelException {
    String name = kind.name();
    int fd = opener.applyAsInt(name);
    if (fd < 0 && kind.ipv6() && Native.getLastError() == Errno.ENOENT) {
      proveThatIpv6IsMissing(kind);
      return true;
    }
    if (fd < 0) {
      throw new KernelException("opening " + folder + "/" + name, Native.getLastError());
    }
    boolean inOneCall;
    try {
      inOneCall = reader.read(fd, table::line);
    } finally {
      Libc.close(fd);
    }
    if (!table.understood()) {
      throw new KernelException(folder + "/" + name + " is not a complete table of sockets");
    }
    table.sockets().forEach(socket -> sockets.put(socket.key(), socket));
    addUnreadable(table, name, gaps);
    if (table.rows().isCut()) {
      Place.AddressFamily family =
          kind.ipv6() ? Place.AddressFamily.IPV6 : Place.AddressFamily.IPV4;
      Place place = new Place(null, kind.transport().protocol(), family);
      gaps.add(CutTable.gap(source, name, table.rows().cutUsers(), place));
    }
    return inOneCall;
  }

  /** A process that has ended has no tables either; one that has that of IPv4 lacks IPv6. */
  private void proveThatIpv6IsMissing(LastReading kind) throws KernelException {
    String name = kind.transport().label();
    int fd = opener.applyAsInt(name);
    if (fd < 0) {
      throw new KernelException("opening " + folder + "/" + name, Native.getLastError());
    }
    Libc.close(fd);
  }

  private void addUnreadable(ProcNetRows table, String name, List<Gap> gaps) {
    table.unreadable().forEach(row -> gaps.add(Gap.row(source, "no row of " + name, row)));
    int more = table.unreadableRows() - table.unreadable().size();
    if (more > 0) {
      gaps.add(new Gap(source, Gap.What.ROW, CountedNoun.of(more, "more row") + " of " + name));
    }
  }

  @Override
  public void close() {
    if (counts != null) {
      counts.close();
    }
  }
}
