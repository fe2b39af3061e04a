package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What listens by the text tables of /proc/net: where sock_diag is refused, or on a captured host.
 *
 * <p>Such a table is no snapshot: while others open and close sockets, a read misses some and tells
 * some twice. It is read until two reads in a row agree; where none do, the look is not complete.
 */
public final class ProcNetTable implements SocketTable {

  private static final int MOST_READS = 4;
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_ROWS_SHOWN = 20;

  private final String source;
  private final Path folder;
  private Map<Object, KernelSocket> before = Map.of();

  /** A table by the files in this folder: {@code /proc/net}, or {@code /proc/PID/net}. */
  public ProcNetTable(String source, Path folder) {
    this.source = source;
    this.folder = folder;
  }

  private record Reading(Map<Object, KernelSocket> sockets, List<Gap> gaps) {}

  @Override
  public Look look() throws KernelException {
    Reading first = read();
    Reading second = read();
    int reads = 2;
    while (!agree(first, second) && reads < MOST_READS) {
      first = second;
      second = read();
      reads++;
    }
    Map<Object, KernelSocket> sockets = new LinkedHashMap<>(first.sockets());
    sockets.putAll(second.sockets());
    List<Gap> gaps = new ArrayList<>(second.gaps());
    if (!agree(first, second)) {
      gaps.add(
          new Gap(
              source,
              Gap.What.LISTENERS,
              folder + " changed under " + reads + " reads: sockets may be missing"));
    }
    Collection<KernelSocket> now = sockets.values();
    boolean changed =
        !sockets.keySet().equals(before.keySet())
            || now.stream().anyMatch(socket -> !isStill(socket));
    before = sockets;
    return new Look(now, gaps, changed);
  }

  private static boolean agree(Reading first, Reading second) {
    return first.sockets().keySet().equals(second.sockets().keySet());
  }

  private boolean isStill(KernelSocket socket) {
    KernelSocket known = before.get(socket.key());
    return known != null && known.isStill(socket);
  }

  private Reading read() throws KernelException {
    Reading reading = new Reading(new LinkedHashMap<>(), new ArrayList<>());
    for (Transport transport : List.of(Transport.TCP, Transport.UDP)) {
      read(transport, false, reading);
      read(transport, true, reading);
    }
    return reading;
  }

  private void read(Transport transport, boolean ipv6, Reading into) throws KernelException {
    String name = transport.label() + (ipv6 ? "6" : "");
    byte[] raw;
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      raw = in.readNBytes(MOST_BYTES);
    } catch (NoSuchFileException noIpv6) {
      if (ipv6) {
        return;
      }
      throw new KernelException(folder.resolve(name) + " is not there");
    } catch (IOException e) {
      throw new KernelException(folder.resolve(name) + " cannot be read: " + e);
    }
    ProcNet table = ProcNet.parse(raw, transport, ipv6);
    if (!table.understood() || raw.length == MOST_BYTES) {
      throw new KernelException(folder.resolve(name) + " is no whole table of sockets");
    }
    table.sockets().forEach(socket -> into.sockets().put(socket.key(), socket));
    table.unreadable().stream()
        .limit(MOST_ROWS_SHOWN)
        .forEach(row -> into.gaps().add(Gap.row(source, "no row of " + name, row)));
    if (table.unreadable().size() > MOST_ROWS_SHOWN) {
      int more = table.unreadable().size() - MOST_ROWS_SHOWN;
      into.gaps().add(new Gap(source, Gap.What.ROW, more + " more rows of " + name));
    }
  }

  /** The tables have no look-up of one socket: the next look tells. */
  @Override
  public boolean hasGone(KernelSocket socket) {
    return false;
  }

  @Override
  public String interfaceName(int index) {
    return Integer.toString(index);
  }

  @Override
  public @Nullable Long mark() {
    return null;
  }

  @Override
  public void close() {}
}
