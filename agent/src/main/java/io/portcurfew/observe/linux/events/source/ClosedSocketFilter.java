package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A filter of packets that keeps the ends of connections, and of sockets that never had a port, in
 * the kernel. It takes no right (socket(7), SO_ATTACH_FILTER).
 */
final class ClosedSocketFilter {

  /** asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_ATTACH_FILTER = 26;

  // linux/bpf_common.h: BPF_LD | BPF_H | BPF_ABS; BPF_JMP | BPF_JEQ | BPF_K; BPF_RET | BPF_K.
  private static final int LOAD_PORT = 0x28;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  // struct inet_diag_msg behind a struct nlmsghdr of 16 bytes.
  private static final int LOCAL_PORT_AT = 20;
  private static final int PEER_PORT_AT = 22;

  /** struct sock_filter: code u16, jump if true u8, jump if false u8, value u32. */
  private static final int INSTRUCTION = 8;

  private static final int[][] PROGRAM = {
    {LOAD_PORT, 0, 0, PEER_PORT_AT},
    {JUMP_IF_EQUAL, 0, 3, 0},
    {LOAD_PORT, 0, 0, LOCAL_PORT_AT},
    {JUMP_IF_EQUAL, 1, 0, 0},
    {RETURN, 0, 0, -1},
    {RETURN, 0, 0, 0},
  };

  /** struct sock_fprog: the number of instructions u16, their address at 8. */
  private static final int SOCK_FPROG = 16;

  private ClosedSocketFilter() {}

  /** Attaches it to a socket of sock_diag; false if the kernel refuses. */
  static boolean attach(int fd) {
    NativeBuffer program = new NativeBuffer(SOCK_FPROG + PROGRAM.length * INSTRUCTION);
    program.bytes().putShort(0, (short) PROGRAM.length);
    program.bytes().putLong(8, program.address() + SOCK_FPROG);
    program.bytes().put(SOCK_FPROG, instructions());
    return Libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program.address(), SOCK_FPROG) == 0;
  }

  private static byte[] instructions() {
    ByteBuffer bytes =
        ByteBuffer.allocate(PROGRAM.length * INSTRUCTION).order(ByteOrder.nativeOrder());
    for (int[] one : PROGRAM) {
      bytes.putShort((short) one[0]).put((byte) one[1]).put((byte) one[2]).putInt(one[3]);
    }
    return bytes.array();
  }
}
