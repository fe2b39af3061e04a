package io.portcurfew.observe.linux.netlink;

import com.sun.jna.Native;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A NETLINK_SOCK_DIAG socket. It lists the sockets of the network namespace in which it was opened,
 * even if another thread calls it later. Not thread-safe.
 */
public final class SockDiag implements DiagQueries {

  /** linux/netlink.h. */
  private static final int NETLINK_SOCK_DIAG = 4;

  /** linux/socket.h: returns the true length of an answer that did not fit. */
  private static final int MSG_TRUNC = 0x20;

  /** The kernel sends pieces of at most 32 KiB (netlink_dump in net/netlink/af_netlink.c). */
  private static final int ANSWER_SIZE = 64 * 1024;

  private final int fd;
  private final NativeBuffer request = new NativeBuffer(256);
  private final NativeBuffer answer = new NativeBuffer(ANSWER_SIZE);
  private final Map<Transport, DumpMemory> ipv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, DumpMemory> ipv6 = new EnumMap<>(Transport.class);
  private @Nullable DumpMemory tcp;
  private boolean inOnePass = true;
  private int sequence;

  private SockDiag(int fd) {
    this.fd = fd;
  }

  /**
   * Opens a socket in the namespace of the calling thread.
   *
   * @throws KernelException if the kernel or a seccomp filter refuses
   */
  public static SockDiag open() throws KernelException {
    return new SockDiag(NetlinkSocket.open(NETLINK_SOCK_DIAG, "sock_diag", new NativeBuffer(16)));
  }

  @Override
  public Dump dump(Transport transport, boolean overIpv6, int most) throws KernelException {
    Map<Transport, DumpMemory> memories = overIpv6 ? ipv6 : ipv4;
    DumpMemory memory = memories.get(transport);
    if (memory == null) {
      memory = new DumpMemory(transport, ++sequence);
      memories.put(transport, memory);
    }
    InetDiag.dump(request.bytes(), transport, overIpv6, memory.sequence());
    return dump(memory, transport, InetDiag.REQUEST_SIZE, most).of(overIpv6);
  }

  /**
   * Lists both families in one pass, because the kernel walks the listeners of all namespaces in
   * each: that takes as long as the answer about a thousand of them.
   */
  @Override
  public FamilyDumps dumpTcp(int most) throws KernelException {
    if (tcp == null) {
      tcp = new DumpMemory(Transport.TCP, ++sequence);
    }
    if (inOnePass) {
      try {
        InetDiag.dumpTcp(request.bytes(), tcp.sequence());
        return dump(tcp, Transport.TCP, InetDiag.TCP_REQUEST_SIZE, most);
      } catch (KernelException refused) {
        // The older request may be missing one day; the other one decides whether TCP is listed.
        inOnePass = false;
      }
    }
    return DiagQueries.super.dumpTcp(most);
  }

  /** Returns true unless the kernel has refused to list both families at once. */
  boolean listsTcpInOnePass() {
    return inOnePass;
  }

  /** Sends the request that was written, once more if the table changed meanwhile. */
  private FamilyDumps dump(DumpMemory memory, Transport transport, int size, int most)
      throws KernelException {
    FamilyDumps first = dumpOnce(memory, transport, size, most);
    return first.torn() ? dumpOnce(memory, transport, size, most) : first;
  }

  private FamilyDumps dumpOnce(DumpMemory memory, Transport transport, int size, int most)
      throws KernelException {
    send(transport.label(), size);
    memory.begin(most);
    boolean complete = false;
    while (!complete) {
      int length = receive(transport.label());
      complete = memory.take(answer.bytes(), length);
    }
    return memory.dumps();
  }

  /**
   * Lists every socket that has a port, in any state: listeners, connections, their remains, and
   * sockets that are only bound. For a single port the answer is one piece, which misses nothing
   * while other sockets open or close.
   *
   * @param port the local port; 0 for all ports
   * @throws KernelException if the kernel refuses or fails
   */
  public void dumpEveryState(
      Transport transport, boolean ipv6, int port, Consumer<KernelSocket> rows)
      throws KernelException {
    InetDiag.dumpEveryState(request.bytes(), transport, ipv6, port, ++sequence);
    ask(
        transport,
        (bytes, type, from, to) -> {
          if (type == InetDiag.SOCK_DIAG_BY_FAMILY) {
            rows.accept(InetDiag.decodeEveryState(bytes, transport, from, to));
          }
        });
  }

  /**
   * Lists the listening sockets at one port, also those that are bound to an interface.
   *
   * @throws KernelException if the kernel refuses or fails
   */
  public void dumpListening(
      Transport transport, boolean ipv6, int port, Consumer<KernelSocket> rows)
      throws KernelException {
    InetDiag.dumpListening(request.bytes(), transport, ipv6, port, ++sequence);
    ask(transport, InetDiag.into(rows, transport));
  }

  /** Returns true if the error means that this kernel does not support the request. */
  public static boolean isUnsupported(KernelException refusal) {
    return Refusal.PROTOCOL.is(refusal.errno());
  }

  @Override
  public @Nullable KernelSocket find(KernelSocket socket, boolean exact) throws KernelException {
    // The address order for UDP depends on the kernel, so a socket is absent only if both fail.
    KernelSocket found =
        find(socket, exact, socket.transport().state() == Transport.SocketState.CLOSE);
    return found != null || socket.transport().state() != Transport.SocketState.CLOSE
        ? found
        : find(socket, exact, false);
  }

  private @Nullable KernelSocket find(KernelSocket socket, boolean exact, boolean swapped)
      throws KernelException {
    InetDiag.single(request.bytes(), socket, swapped, exact, ++sequence);
    Transport transport = socket.transport();
    List<KernelSocket> rows = new ArrayList<>(1);
    try {
      ask(transport, InetDiag.into(rows::add, transport));
    } catch (KernelException e) {
      if (Refusal.SOCKET.is(e.errno())) {
        return null;
      }
      throw e;
    }
    return rows.stream().filter(row -> row.isAt(socket)).findFirst().orElse(null);
  }

  /** The creator of the first address's socket, connected to the second; null for none. */
  @Nullable Long userOf(InetSocketAddress local, InetSocketAddress remote) throws KernelException {
    InetDiag.connection(request.bytes(), local, remote, ++sequence);
    List<Long> users = new ArrayList<>(1);
    try {
      ask(
          Transport.TCP,
          (bytes, type, from, to) -> {
            Long user =
                type == InetDiag.SOCK_DIAG_BY_FAMILY
                    ? InetDiag.userOf(bytes, from, to, local, remote)
                    : null;
            if (user != null) {
              users.add(user);
            }
          });
    } catch (KernelException e) {
      if (Refusal.SOCKET.is(e.errno())) {
        return null;
      }
      throw e;
    }
    return users.isEmpty() ? null : users.get(0);
  }

  @Override
  public FamilyRows list(SocketPlace.Family family, int most) throws KernelException {
    FamilyRows rows = new FamilyRows(most);
    list(family, false, rows);
    if (family == SocketPlace.Family.RAW) {
      list(family, true, rows);
    }
    return rows;
  }

  private void list(SocketPlace.Family family, boolean overIpv6, FamilyRows rows)
      throws KernelException {
    int size = FamilyDiag.dump(request.bytes(), family, overIpv6, ++sequence);
    send(family.label(), size);
    receive(
        family.label(),
        (bytes, type, from, to) -> {
          FamilySocket row =
              type == InetDiag.SOCK_DIAG_BY_FAMILY
                  ? FamilyDiag.decode(bytes, family, from, to)
                  : null;
          if (row != null) {
            rows.add(row);
          }
        });
  }

  private void ask(Transport transport, NetlinkMessages.MessageSink sink) throws KernelException {
    send(transport);
    receive(transport.label(), sink);
  }

  private void receive(String what, NetlinkMessages.MessageSink sink) throws KernelException {
    NetlinkMessages messages = new NetlinkMessages(sequence);
    while (!messages.ended()) {
      int length = receive(what);
      messages.read(answer.bytes(), length, sink);
    }
  }

  private void send(Transport transport) throws KernelException {
    send(transport.label(), InetDiag.REQUEST_SIZE);
  }

  private void send(String what, int size) throws KernelException {
    if (Libc.send(fd, request.address(), size, 0) < 0) {
      throw new KernelException("asking for " + what, Native.getLastError());
    }
  }

  private int receive(String what) throws KernelException {
    long length = Libc.recv(fd, answer.address(), answer.size(), MSG_TRUNC);
    if (length < 0 && Native.getLastError() == Errno.EINTR) {
      return receive(what);
    }
    if (length < 0) {
      throw new KernelException("reading " + what, Native.getLastError());
    }
    if (length == 0 || length > answer.size()) {
      throw new KernelException("the answer about " + what + " is truncated");
    }
    return (int) length;
  }

  @Override
  public @Nullable String interfaceName(int index) {
    return InterfaceList.name(fd, index, request);
  }

  @Override
  public @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    return InterfaceList.ofIpv4(fd, request, answer);
  }

  @Override
  public @Nullable Long inode() {
    ProcFs proc = new ProcFs(Path.of("/"));
    long inode = proc.socketAt(Libc.AT_FDCWD, "/proc/self/fd/" + fd);
    return inode == 0 ? null : inode;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
