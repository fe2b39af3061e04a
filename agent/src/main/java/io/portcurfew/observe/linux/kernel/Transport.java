package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Protocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A transport whose listening sockets the kernel can list. */
public enum Transport {
  TCP(6, State.LISTEN, Protocol.TCP),
  UDP(17, State.CLOSE, Protocol.UDP),
  /** RFC 3828; not judged. */
  UDPLITE(136, State.CLOSE, null),
  /** RFC 9260; not judged. */
  SCTP(132, State.LISTEN, null);

  /** Socket states of include/net/tcp_states.h, as the kernel uses them for every transport. */
  public static final class State {
    /** TCP_CLOSE: also what an unconnected UDP socket is in. */
    public static final int CLOSE = 7;

    /** TCP_LISTEN. */
    static final int LISTEN = 10;

    private State() {}
  }

  private final int number;
  private final int state;
  private final @Nullable Protocol protocol;

  Transport(int number, int state, @Nullable Protocol protocol) {
    this.number = number;
    this.state = state;
    this.protocol = protocol;
  }

  /** The protocol number: IPPROTO_* of linux/in.h. */
  public int number() {
    return number;
  }

  /** The state in which a socket of it takes traffic from anybody. */
  public int state() {
    return state;
  }

  /** What the policy calls it; {@code null} for one that is not judged. */
  public @Nullable Protocol protocol() {
    return protocol;
  }

  /** The name of its tables under /proc/net, without the 6. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
