package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads records of the tracepoint {@code sock:inet_sock_set_state}; pure. */
final class StateChangeReader {

  /** include/net/tcp_states.h. */
  private static final int TCP_CLOSE = 7;

  /** include/net/tcp_states.h. */
  private static final int TCP_LISTEN = 10;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /** linux/in.h: IPPROTO_TCP, and IPPROTO_MPTCP, whose first subflow is a TCP socket of its own. */
  private static final int IPPROTO_TCP = 6;

  private final TracepointFormat format;

  StateChangeReader(TracepointFormat format) {
    this.format = format;
  }

  /**
   * The filter in the kernel. A connection that is accepted begins with the state LISTEN of its
   * listener, so a test of the old state alone would fire for every connection.
   */
  static String filter() {
    return "newstate == 10 || (oldstate == 10 && newstate == 7)";
  }

  /**
   * Reads one record.
   *
   * @param at where the record starts
   * @return {@code null} if it is about another protocol, or no listener opened or closed
   */
  @Nullable SocketChange read(ByteBuffer bytes, int at, int pid, Duration time) {
    int before = bytes.getInt(at + format.oldState());
    int after = bytes.getInt(at + format.newState());
    int family = bytes.getShort(at + format.family()) & 0xFFFF;
    int port = bytes.getShort(at + format.port()) & 0xFFFF;
    boolean opened = after == TCP_LISTEN;
    boolean closed = before == TCP_LISTEN && after == TCP_CLOSE;
    boolean known = family == AF_INET || family == AF_INET6;
    boolean isTcp = format.protocolOf(bytes, at) == IPPROTO_TCP;
    if (!(opened || closed) || !known || !isTcp || port == 0) {
      return null;
    }
    byte[] address = new byte[family == AF_INET6 ? 16 : 4];
    bytes.get(at + (family == AF_INET6 ? format.ipv6() : format.ipv4()), address);
    return new SocketChange(
        opened,
        bytes.getLong(at + format.socket()),
        Protocol.TCP,
        Address.of(address),
        port,
        Math.max(pid, 0),
        time);
  }
}
