package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketRows;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Caches the answer to one kind of dump. If nothing changes on the host, the kernel returns the
 * same bytes again, and comparing them costs a tenth of parsing them. A long answer is parsed piece
 * by piece and not cached. Not thread-safe.
 */
final class DumpMemory {

  /** The largest answer that is cached, for about 9,000 sockets; a longer one is always parsed. */
  static final int MOST_BYTES = 1 << 20;

  private final Transport transport;
  private final int sequence;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private SocketRows ipv4 = new SocketRows(1, 0);
  private SocketRows ipv6 = new SocketRows(1, 0);
  private DiagQueries.FamilyDumps read = DiagQueries.FamilyDumps.NOTHING;
  private NetlinkMessages messages;
  private int most;
  private int pieceCount;
  private long bytes;
  private boolean same;
  private boolean complete;

  /**
   * Creates an empty cache. Every request uses the same sequence number, so that the answers can be
   * equal.
   */
  DumpMemory(Transport transport, int sequence) {
    this.transport = transport;
    this.sequence = sequence;
    messages = new NetlinkMessages(sequence);
  }

  int sequence() {
    return sequence;
  }

  /**
   * Prepares for the answer to a request that was sent.
   *
   * @param most the maximum number of sockets to keep of each address family
   */
  void begin(int most) {
    boolean sameBound =
        most == this.most || (fits(ipv4, read.ipv4(), most) && fits(ipv6, read.ipv6(), most));
    same = complete && sameBound && bytes <= MOST_BYTES;
    if (!same) {
      pieces.clear();
    }
    this.most = most;
    pieceCount = 0;
    complete = false;
  }

  private static boolean fits(SocketRows rows, DiagQueries.Dump read, int most) {
    return !rows.isCut() && read.rows().size() <= most;
  }

  /**
   * Processes the next piece of the answer.
   *
   * @return true if the answer is complete
   * @throws KernelException if the kernel returned an error, or the bytes are malformed
   */
  boolean take(ByteBuffer piece, int length) throws KernelException {
    if (same
        && pieceCount < pieces.size()
        && pieces.get(pieceCount).equals(piece.slice(0, length))) {
      complete = ++pieceCount == pieces.size();
      return complete;
    }
    if (pieceCount == 0 || same) {
      parseAgain();
    }
    pieceCount++;
    store(piece, length);
    read(piece, length);
    complete = messages.ended();
    if (complete) {
      read = new DiagQueries.FamilyDumps(dump(ipv4), dump(ipv6));
    }
    return complete;
  }

  private DiagQueries.Dump dump(SocketRows rows) {
    return new DiagQueries.Dump(rows.kept(), messages.interrupted(), rows.cutUsers());
  }

  private void store(ByteBuffer piece, int length) {
    bytes += length;
    if (bytes > MOST_BYTES) {
      pieces.clear();
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(length).put(0, piece, 0, length);
    pieces.add(copy.order(ByteOrder.nativeOrder()));
  }

  /** Parses the cached pieces again, because the answer differs from the last one. */
  private void parseAgain() throws KernelException {
    same = false;
    pieces.subList(Math.min(pieceCount, pieces.size()), pieces.size()).clear();
    bytes = 0;
    ipv4 = new SocketRows(most, read.ipv4().rows().size());
    ipv6 = new SocketRows(most, read.ipv6().rows().size());
    messages = new NetlinkMessages(sequence);
    for (ByteBuffer piece : pieces) {
      bytes += piece.capacity();
      read(piece, piece.capacity());
    }
  }

  private void read(ByteBuffer piece, int length) throws KernelException {
    messages.read(piece, length, InetDiag.into(this::add, transport));
  }

  private void add(KernelSocket row) {
    (row.ipv6() ? ipv6 : ipv4).add(row);
  }

  /** Returns the last complete answer; a family that was not asked for has no rows. */
  DiagQueries.FamilyDumps dumps() {
    return read;
  }
}
