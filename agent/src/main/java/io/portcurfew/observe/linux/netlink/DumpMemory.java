package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketRows;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Remembers the answer to one kind of dump. On a host where nothing changes the kernel answers the
 * same bytes again, and to compare them costs a tenth of reading them. A long answer is read piece
 * by piece and not remembered. Not for two threads at once.
 */
final class DumpMemory {

  /** About 9,000 sockets; more than that are read at every look. */
  static final int MOST_BYTES = 1 << 20;

  private final Transport transport;
  private final int sequence;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private SocketRows rows = new SocketRows(1, 0);
  private DiagQueries.Dump read = DiagQueries.Dump.NOTHING;
  private NetlinkMessages messages;
  private int most;
  private int taken;
  private long bytes;
  private boolean same;
  private boolean whole;

  /**
   * Remembers nothing yet; every request has this sequence number, so that answers can be equal.
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
   * A request was sent: what comes next is the answer to it.
   *
   * @param most how many sockets to keep at most
   */
  void begin(int most) {
    boolean sameBound = most == this.most || (!rows.isCut() && read.rows().size() <= most);
    same = whole && sameBound && bytes <= MOST_BYTES;
    if (!same) {
      pieces.clear();
    }
    this.most = most;
    taken = 0;
    whole = false;
  }

  /**
   * Takes the next piece of the answer.
   *
   * @return whether the answer is whole
   * @throws KernelException with what the kernel answered instead, or where the bytes are none
   */
  boolean take(ByteBuffer piece, int length) throws KernelException {
    if (same && taken < pieces.size() && pieces.get(taken).equals(piece.slice(0, length))) {
      whole = ++taken == pieces.size();
      return whole;
    }
    if (taken == 0 || same) {
      readAgain();
    }
    taken++;
    remember(piece, length);
    read(piece, length);
    whole = messages.ended();
    if (whole) {
      Set<Long> cut = rows.cutUsers();
      read = new DiagQueries.Dump(rows.kept(), messages.interrupted(), cut);
    }
    return whole;
  }

  private void remember(ByteBuffer piece, int length) {
    bytes += length;
    if (bytes > MOST_BYTES) {
      pieces.clear();
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(length).put(0, piece, 0, length);
    pieces.add(copy.order(ByteOrder.nativeOrder()));
  }

  /** The answer differs from the last one: what was the same so far is read like the rest. */
  private void readAgain() throws KernelException {
    same = false;
    pieces.subList(Math.min(taken, pieces.size()), pieces.size()).clear();
    bytes = 0;
    rows = new SocketRows(most, read.rows().size());
    messages = new NetlinkMessages(sequence);
    for (ByteBuffer piece : pieces) {
      bytes += piece.capacity();
      read(piece, piece.capacity());
    }
  }

  private void read(ByteBuffer piece, int length) throws KernelException {
    messages.read(piece, length, InetDiag.into(rows::add, transport));
  }

  /** The answer, once it is whole. */
  DiagQueries.Dump dump() {
    return read;
  }
}
