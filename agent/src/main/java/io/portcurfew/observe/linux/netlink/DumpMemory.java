package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel answered to one kind of dump. On a host where nothing changes it answers the same
 * bytes again, and to compare them costs a tenth of reading them. Not for two threads at once.
 */
final class DumpMemory {

  private final Transport transport;
  private final int sequence;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private List<KernelSocket> rows = new ArrayList<>();
  private NetlinkMessages messages;
  private int taken;
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

  /** A request was sent: what comes next is the answer to it. */
  void begin() {
    taken = 0;
    same = whole;
    whole = false;
  }

  /**
   * Takes the next piece of the answer.
   *
   * @return whether the answer is whole
   * @throws KernelException with what the kernel answered instead, or where the bytes are none
   */
  boolean take(ByteBuffer bytes, int length) throws KernelException {
    if (same && taken < pieces.size() && pieces.get(taken).equals(bytes.slice(0, length))) {
      whole = ++taken == pieces.size();
      return whole;
    }
    if (taken == 0 || same) {
      readAgain();
    }
    ByteBuffer copy = ByteBuffer.allocate(length).put(0, bytes, 0, length);
    pieces.add(copy.order(ByteOrder.nativeOrder()));
    read(pieces.get(taken++));
    whole = messages.ended();
    return whole;
  }

  /** The answer differs from the last one: what was the same so far is read like the rest. */
  private void readAgain() throws KernelException {
    same = false;
    pieces.subList(taken, pieces.size()).clear();
    rows = new ArrayList<>(rows.size());
    messages = new NetlinkMessages(sequence);
    for (ByteBuffer piece : pieces) {
      read(piece);
    }
  }

  private void read(ByteBuffer piece) throws KernelException {
    messages.read(piece, piece.capacity(), InetDiag.into(rows, transport));
  }

  /** The answer, once it is whole. */
  DiagQueries.Dump dump() {
    return new DiagQueries.Dump(rows, messages.interrupted());
  }
}
