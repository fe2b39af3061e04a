package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;

/**
 * Parses the messages of netlink datagrams, without I/O. Offsets and numbers are those of
 * linux/netlink.h.
 */
final class NetlinkMessages {

  /** struct nlmsghdr: nlmsg_len, u32. */
  static final int LENGTH_AT = 0;

  /** struct nlmsghdr: nlmsg_type, u16. */
  static final int TYPE_AT = 4;

  /** struct nlmsghdr: nlmsg_flags, u16. */
  static final int FLAGS_AT = 6;

  /** struct nlmsghdr: nlmsg_seq, u32. */
  static final int SEQUENCE_AT = 8;

  /** sizeof(struct nlmsghdr). */
  static final int HEADER = 16;

  /** struct nlmsgerr: error, the first field; NLMSG_DONE has the same field. */
  static final int ERROR_SIZE = 4;

  static final int NLMSG_NOOP = 1;
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int NLMSG_OVERRUN = 4;

  static final int NLM_F_REQUEST = 0x01;
  static final int NLM_F_MULTI = 0x02;
  static final int NLM_F_DUMP_INTR = 0x10;

  /** NLM_F_ROOT | NLM_F_MATCH. */
  static final int NLM_F_DUMP = 0x300;

  /** struct nlattr: nla_len u16, nla_type u16. */
  static final int ATTRIBUTE_HEADER = 4;

  /** Receives the payload of one message. */
  interface MessageSink {

    /**
     * Receives the bytes from {@code from} to {@code to}.
     *
     * @throws KernelException if they are malformed
     */
    void payload(ByteBuffer bytes, int type, int from, int to) throws KernelException;
  }

  private final int sequence;
  private boolean interrupted;
  private boolean ended;

  /** Creates a parser for answers to the request with this sequence number; it ignores others. */
  NetlinkMessages(int sequence) {
    this.sequence = sequence;
  }

  /** Returns true if the answer is complete. */
  boolean ended() {
    return ended;
  }

  /** Returns true if the kernel reported that its table changed during the dump. */
  boolean interrupted() {
    return interrupted;
  }

  /**
   * Parses the first {@code length} bytes.
   *
   * @throws KernelException if the kernel returned an error number, or the bytes are malformed
   */
  void read(ByteBuffer bytes, int length, MessageSink sink) throws KernelException {
    int at = 0;
    while (at + HEADER <= length && !ended) {
      // The kernel value is unsigned; a negative value here is longer than any buffer.
      int size = bytes.getInt(at + LENGTH_AT);
      if (size < HEADER || size > length - at) {
        throw new KernelException("the kernel answered a message that is truncated or malformed");
      }
      if (bytes.getInt(at + SEQUENCE_AT) == sequence) {
        message(bytes, at, size, sink);
      }
      at += align(size);
    }
    if (!ended && at < length) {
      throw new KernelException("the kernel answered bytes that are not a message");
    }
  }

  private void message(ByteBuffer bytes, int at, int size, MessageSink sink)
      throws KernelException {
    int type = bytes.getShort(at + TYPE_AT) & 0xFFFF;
    int flags = bytes.getShort(at + FLAGS_AT) & 0xFFFF;
    interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
    switch (type) {
      case NLMSG_NOOP -> {}
      case NLMSG_OVERRUN -> throw new KernelException("the kernel lost part of its answer");
      case NLMSG_ERROR, NLMSG_DONE -> end(bytes, at, size);
      default -> {
        sink.payload(bytes, type, at + HEADER, at + size);
        ended = (flags & NLM_F_MULTI) == 0;
      }
    }
  }

  private void end(ByteBuffer bytes, int at, int size) throws KernelException {
    ended = true;
    int error = size < HEADER + ERROR_SIZE ? 0 : bytes.getInt(at + HEADER);
    if (error != 0) {
      throw new KernelException("the kernel answered", Math.abs(error));
    }
  }

  /** Rounds up to 4 bytes, as NLMSG_ALIGN and NLA_ALIGN do. */
  static int align(int size) {
    return (size + 3) & ~3;
  }
}
