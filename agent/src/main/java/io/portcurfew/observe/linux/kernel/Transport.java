package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Protocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A transport whose listening sockets the kernel can list. */
public enum Transport {
  TCP(6, SocketState.LISTEN, Protocol.TCP),
  UDP(17, SocketState.CLOSE, Protocol.UDP),
  /** RFC 3828; judged by rules about other sockets. */
  UDPLITE(136, SocketState.CLOSE, null),
  /** RFC 9260; judged by rules about other sockets. */
  SCTP(132, SocketState.LISTEN, null);

  /** Socket states of include/net/tcp_states.h, as the kernel uses them for every transport. */
  public static final class SocketState {
    /** TCP_CLOSE: also the state of an unconnected UDP socket. */
    public static final int CLOSE = 7;

    /** TCP_LISTEN. */
    static final int LISTEN = 10;

    private SocketState() {}
  }

  private final int number;
  private final int state;
  private final @Nullable Protocol protocol;

  Transport(int number, int state, @Nullable Protocol protocol) {
    this.number = number;
    this.state = state;
    this.protocol = protocol;
  }

  /** Returns the protocol number: IPPROTO_* of linux/in.h. */
  public int number() {
    return number;
  }

  /** Returns the state in which a socket takes traffic from any peer. */
  public int state() {
    return state;
  }

  /**
   * Returns its protocol in the policy; {@code null} for a transport that only rules about other
   * sockets judge.
   */
  public @Nullable Protocol protocol() {
    return protocol;
  }

  /** Returns the name of its tables under /proc/net, without the 6. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
