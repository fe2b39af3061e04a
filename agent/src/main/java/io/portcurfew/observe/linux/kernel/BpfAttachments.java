package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the BPF programs at the hooks of one network namespace by BPF_PROG_QUERY, which takes
 * CAP_NET_ADMIN there (bpf_prog_query in kernel/bpf/syscall.c).
 */
public final class BpfAttachments {

  private static final int BPF_PROG_QUERY = 16;

  /** linux/bpf.h, enum bpf_attach_type: BPF_SK_LOOKUP. */
  private static final int SK_LOOKUP = 36;

  /** BPF_TCX_INGRESS and BPF_TCX_EGRESS, since Linux 6.6. */
  private static final List<Integer> TCX = List.of(46, 47);

  /** BPF_NETKIT_PRIMARY and BPF_NETKIT_PEER, since Linux 6.7. */
  private static final List<Integer> NETKIT = List.of(54, 55);

  // union bpf_attr, query: target_fd or target_ifindex u32, attach_type u32, query_flags u32,
  // attach_flags u32, prog_ids u64, prog_cnt u32.
  private static final int TYPE_AT = 4;
  private static final int IDS_AT = 16;
  private static final int COUNT_AT = 24;

  private static final int MOST = 64;

  private final NativeBuffer attributes = BpfCalls.attributes();
  private final NativeBuffer ids = new NativeBuffer(MOST * Integer.BYTES);

  /**
   * Returns the programs that choose the sockets of a network namespace.
   *
   * @param namespace an open descriptor of it
   * @throws KernelException if the kernel refuses
   */
  public List<HookedProgram> ofNamespace(int namespace) throws KernelException {
    return query(PacketHook.SK_LOOKUP, namespace, SK_LOOKUP, 0);
  }

  /**
   * Returns the programs of an interface in the network namespace of the calling thread.
   *
   * @param isNetkit true if the interface is a device of netkit
   * @throws KernelException if the kernel refuses
   */
  public List<HookedProgram> ofInterface(int index, boolean isNetkit) throws KernelException {
    List<HookedProgram> found = new ArrayList<>(0);
    for (int type : TCX) {
      found.addAll(query(PacketHook.TCX, index, type, index));
    }
    for (int type : isNetkit ? NETKIT : List.<Integer>of()) {
      found.addAll(query(PacketHook.NETKIT, index, type, index));
    }
    return found;
  }

  private List<HookedProgram> query(PacketHook hook, int target, int type, int interfaceIndex)
      throws KernelException {
    attributes.clear(BpfCalls.ATTRIBUTES);
    ids.clear(ids.size());
    ByteBuffer bytes = attributes.bytes();
    bytes.putInt(0, target);
    bytes.putInt(TYPE_AT, type);
    bytes.putLong(IDS_AT, ids.address());
    bytes.putInt(COUNT_AT, MOST);
    if (BpfCalls.ask(BPF_PROG_QUERY, attributes) < 0) {
      int errno = Native.getLastError();
      if (Refusal.HOOK.is(errno)) {
        return List.of();
      }
      throw new KernelException("asking for BPF programs", errno);
    }
    List<HookedProgram> found = new ArrayList<>(0);
    for (int i = 0; i < Math.min(MOST, bytes.getInt(COUNT_AT)); i++) {
      long program = Integer.toUnsignedLong(ids.bytes().getInt(i * Integer.BYTES));
      found.add(new HookedProgram(hook, interfaceIndex, 0, program));
    }
    return found;
  }
}
