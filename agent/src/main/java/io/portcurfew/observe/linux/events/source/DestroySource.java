package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.netlink.DestroyedSocket;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that have closed, by the multicast groups of sock_diag; it takes no right. The kernel
 * names neither the process, nor whether the socket listened before. Only of the network namespace
 * in which it is opened.
 */
final class DestroySource implements EventSource {

  /** linux/socket.h; linux/net.h, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK; linux/netlink.h. */
  private static final int AF_NETLINK = 16;

  private static final int SOCK_RAW_FLAGS = 3 | Libc.O_CLOEXEC | 0x800;
  private static final int NETLINK_SOCK_DIAG = 4;

  /** linux/sock_diag.h: the bits of SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY. */
  private static final int TCP_GROUPS = 1 | 1 << 2;

  /** linux/sock_diag.h: the bits of SKNLGRP_INET_UDP_DESTROY and SKNLGRP_INET6_UDP_DESTROY. */
  private static final int UDP_GROUPS = 1 << 1 | 1 << 3;

  /** struct sockaddr_nl: nl_family u16, pad u16, nl_pid u32, nl_groups u32. */
  private static final int SOCKADDR_NL = 12;

  /** linux/socket.h, SOL_NETLINK; linux/netlink.h, NETLINK_DROP_MEMBERSHIP. */
  private static final int SOL_NETLINK = 270;

  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_DROP_MEMBERSHIP = 2;

  /** linux/sock_diag.h: SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY. */
  private static final int[] TCP_GROUP_NUMBERS = {1, 3};

  /** The most messages in one reading; a flood leaves the rest for the next one. */
  static final int MOST_MESSAGES = 512;

  /** The number of TCP sockets that close in a second, above which their groups are left. */
  static final int MOST_A_SECOND = 2000;

  /** The first pause of the TCP groups; it doubles if the rate is still too high after it. */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final int fd;
  private final @Nullable Long namespace;
  private final NativeBuffer answer = new NativeBuffer(8192);
  private final boolean tcp;
  private final int mostASecond;
  private long lost;
  private volatile boolean tcpLeft;
  private Duration second = Ticker.SYSTEM.elapsed();
  private int inSecond;
  private Duration pause = FIRST_PAUSE;

  /** The time at which the TCP groups were joined or left last. */
  private Duration tcpSince = second;

  private DestroySource(int fd, @Nullable Long namespace, boolean tcp, int mostASecond) {
    this.fd = fd;
    this.namespace = namespace;
    this.tcp = tcp;
    this.mostASecond = mostASecond;
  }

  /**
   * Joins the groups.
   *
   * @throws KernelException where the kernel refuses
   */
  static DestroySource open(boolean tcp, boolean udp) throws KernelException {
    return open(null, tcp, udp, MOST_A_SECOND);
  }

  /**
   * Joins the groups in another network namespace, in which the calling thread is.
   *
   * @throws KernelException where the kernel refuses
   */
  static DestroySource openIn(long namespace, boolean tcp, boolean udp) throws KernelException {
    return open(namespace, tcp, udp, MOST_A_SECOND);
  }

  /**
   * Joins the groups.
   *
   * @param namespace the inode of the network namespace of the calling thread; {@code null} for our
   *     own
   * @param mostASecond above this rate of TCP sockets that close, their groups are left
   * @throws KernelException where the kernel refuses
   */
  static DestroySource open(@Nullable Long namespace, boolean tcp, boolean udp, int mostASecond)
      throws KernelException {
    int fd = Libc.socket(AF_NETLINK, SOCK_RAW_FLAGS, NETLINK_SOCK_DIAG);
    if (fd < 0) {
      throw new KernelException("opening a sock_diag socket", Native.getLastError());
    }
    DestroySource opened = new DestroySource(fd, namespace, tcp, mostASecond);
    // Without it the ends of connections are read too, and left out then.
    ClosedSocketFilter.attach(fd);
    opened.answer.clear(SOCKADDR_NL);
    opened.answer.bytes().putShort(0, (short) AF_NETLINK);
    opened.answer.bytes().putInt(8, (tcp ? TCP_GROUPS : 0) | (udp ? UDP_GROUPS : 0));
    if (Libc.bind(fd, opened.answer.address(), SOCKADDR_NL) < 0) {
      int errno = Native.getLastError();
      opened.close();
      throw new KernelException("joining the groups of closed sockets", errno);
    }
    return opened;
  }

  @Override
  public EventSourceKind kind() {
    return EventSourceKind.DESTROY;
  }

  @Override
  public @Nullable Long namespace() {
    return namespace;
  }

  @Override
  public int[] descriptors() {
    return new int[] {fd};
  }

  @Override
  public void drain(Consumer<SocketChange> sink) {
    long length = receive();
    for (int left = MOST_MESSAGES; length > 0 && left > 0; left--) {
      DestroyedSocket socket = DestroyedSocket.read(answer.bytes(), (int) length);
      if (socket != null) {
        count(socket);
        if (socket.hadNoPeer() && socket.port() > 0) {
          sink.accept(change(socket));
        }
      }
      length = left > 1 ? receive() : 0;
    }
  }

  private static SocketChange change(DestroyedSocket socket) {
    return new SocketChange(
        false,
        socket.cookie(),
        socket.protocol(),
        socket.address(),
        socket.port(),
        0,
        Ticker.SYSTEM.elapsed());
  }

  private long receive() {
    long length = Libc.recv(fd, answer.address(), answer.size(), 0);
    int errno = length < 0 ? Native.getLastError() : 0;
    if (errno == Errno.ENOBUFS) {
      // The kernel does not say how many.
      lost++;
      return receive();
    }
    return errno == Errno.EINTR ? receive() : length;
  }

  private void count(DestroyedSocket socket) {
    if (!tcp || tcpLeft || !socket.isTcp()) {
      return;
    }
    Duration now = Ticker.SYSTEM.elapsed();
    if (now.minus(second).compareTo(Duration.ofSeconds(1)) >= 0) {
      second = now;
      inSecond = 0;
    }
    inSecond++;
    if (inSecond > mostASecond) {
      leaveTcp();
    }
  }

  private void leaveTcp() {
    Duration now = Ticker.SYSTEM.elapsed();
    if (now.minus(tcpSince).compareTo(pause) > 0) {
      pause = FIRST_PAUSE;
    }
    change(NETLINK_DROP_MEMBERSHIP);
    tcpLeft = true;
    tcpSince = now;
  }

  /** Joins the TCP groups again, after a pause. */
  @Override
  public boolean adapt() {
    joinAgain(Ticker.SYSTEM.elapsed());
    return false;
  }

  void joinAgain(Duration now) {
    if (tcpLeft && now.minus(tcpSince).compareTo(pause) >= 0 && change(NETLINK_ADD_MEMBERSHIP)) {
      tcpLeft = false;
      tcpSince = now;
      inSecond = 0;
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private boolean change(int membership) {
    boolean done = true;
    NativeBuffer group = new NativeBuffer(4);
    for (int number : TCP_GROUP_NUMBERS) {
      group.bytes().putInt(0, number);
      done &= Libc.setsockopt(fd, SOL_NETLINK, membership, group.address(), 4) == 0;
    }
    return done;
  }

  @Override
  public String limit() {
    return tcpLeft
        ? "UDP only for now: more than "
            + mostASecond
            + " unconnected TCP sockets closed in a second"
        : "";
  }

  @Override
  public long lost() {
    return lost;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
