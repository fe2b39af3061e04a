package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.BpfCalls;
import io.portcurfew.observe.linux.kernel.BpfRing;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UDP sockets as bind(2) gives them a port, by BPF programs at the root of the control groups. A
 * socket that the kernel gives a port when it sends or connects, as that of a client, is none of
 * them. It takes CAP_BPF and CAP_NET_ADMIN; the programs end with this process.
 */
final class BpfSource implements EventSource {

  /** The size of the ring: 3,640 records that are not read yet. */
  private static final int RING = 256 * 1024;

  private static final int PAGE = 4096;
  private static final int PROT_READ = 1;
  private static final int AF_INET6 = 10;

  private final List<Integer> descriptors = new ArrayList<>();
  private final boolean knowsProcesses;
  private final BpfRing ring;
  private @Nullable NativeBuffer lost;

  private BpfSource(boolean knowsProcesses) throws KernelException {
    this.knowsProcesses = knowsProcesses;
    ring = BpfRing.create(RING);
    try {
      int array = kept(BpfCalls.createMap(BpfCalls.MAP_ARRAY, 1));
      long address = Libc.mmap(0, PAGE, PROT_READ, Libc.MAP_SHARED, array, 0);
      if (address == -1) {
        throw new KernelException("mapping a BPF array", Native.getLastError());
      }
      lost = NativeBuffer.mapped(address, PAGE);
      attach(array);
    } catch (KernelException refused) {
      close();
      throw refused;
    }
  }

  /**
   * Attaches the programs.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static BpfSource open() throws KernelException {
    return new BpfSource(Boolean.TRUE.equals(new ProcFs(Path.of("/")).isOfFirstPidNamespace()));
  }

  private void attach(int array) throws KernelException {
    int group = ControlGroups.openRoot(new ProcFs(Path.of("/")));
    try {
      for (int type : new int[] {BindProgram.POST_BIND4, BindProgram.POST_BIND6}) {
        boolean ipv6 = type == BindProgram.POST_BIND6;
        int program = kept(BpfCalls.load(BindProgram.instructions(ring.fd(), array, ipv6), type));
        kept(BpfCalls.attach(program, group, type));
      }
    } finally {
      Libc.close(group);
    }
  }

  private int kept(int descriptor) {
    descriptors.add(descriptor);
    return descriptor;
  }

  @Override
  public EventSourceKind kind() {
    return EventSourceKind.BPF;
  }

  @Override
  public int[] descriptors() {
    return new int[] {ring.fd()};
  }

  @Override
  public void drain(Consumer<SocketChange> sink) {
    ring.drain(
        (bytes, at, length) -> {
          if (length >= BindProgram.RECORD && bytes.getInt(at + BindProgram.PORT_AT) != 0) {
            sink.accept(change(bytes, at));
          }
        });
  }

  private SocketChange change(ByteBuffer bytes, int at) {
    boolean ipv6 = bytes.getInt(at + BindProgram.FAMILY_AT) == AF_INET6;
    byte[] address = new byte[ipv6 ? 16 : 4];
    bytes.get(at + BindProgram.ADDRESS_AT, address);
    return new SocketChange(
        true,
        bytes.getLong(at + BindProgram.SOCKET_AT),
        Protocol.UDP,
        Address.of(address),
        bytes.getInt(at + BindProgram.PORT_AT) & 0xFFFF,
        knowsProcesses ? bytes.getInt(at + BindProgram.PROCESS_AT) : 0,
        bytes.getInt(at + BindProgram.USER_AT) & 0xFFFFFFFFL,
        bytes.getLong(at + BindProgram.NAMESPACE_AT),
        Duration.ofNanos(bytes.getLong(at + BindProgram.TIME_AT)));
  }

  /** Each record that the ring had no room for is counted by the program, so this is exact. */
  @Override
  public long lost() {
    NativeBuffer counter = lost;
    return counter == null ? 0 : counter.bytes().getLong(0);
  }

  @Override
  public String limit() {
    return knowsProcesses
        ? ""
        : "without the processes: the agent is in a pid namespace of its own, and the kernel gives"
            + " the numbers of the first one";
  }

  @Override
  public void close() {
    descriptors.forEach(Libc::close);
    descriptors.clear();
    ring.close();
    NativeBuffer counter = lost;
    if (counter != null) {
      Libc.munmap(counter.address(), PAGE);
    }
  }
}
