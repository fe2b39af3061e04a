package io.portcurfew.observe.linux.events.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The BPF program that the kernel runs after each successful bind(2) of the host, as instructions
 * (Documentation/bpf/standardization/instruction-set.rst); pure. It writes a record of each UDP
 * socket. Another answer than 1 would refuse the bind, so there is one way out of it, with that
 * constant.
 */
final class BindProgram {

  /** linux/bpf.h, BPF_CGROUP_INET4_POST_BIND and BPF_CGROUP_INET6_POST_BIND. */
  static final int POST_BIND4 = 12;

  static final int POST_BIND6 = 13;

  // Places in a record: u64 time, u64 process and thread, u64 group and user, u64 cookie of the
  // socket, u64 cookie of the network namespace, u32 port, u32 family, 16 bytes of address.
  static final int TIME_AT = 0;
  static final int THREAD_AT = 8;
  static final int PROCESS_AT = 12;
  static final int USER_AT = 16;
  static final int SOCKET_AT = 24;
  static final int NAMESPACE_AT = 32;
  static final int PORT_AT = 40;
  static final int FAMILY_AT = 44;
  static final int ADDRESS_AT = 48;
  static final int RECORD = 64;

  // Places in struct bpf_sock of linux/bpf.h.
  private static final int SOCK_FAMILY = 4;
  private static final int SOCK_PROTOCOL = 12;
  private static final int SOCK_IP4 = 24;
  private static final int SOCK_IP6 = 28;
  private static final int SOCK_PORT = 44;

  private static final int IPPROTO_UDP = 17;

  // linux/bpf.h, enum bpf_func_id.
  private static final int KTIME_GET_NS = 5;
  private static final int GET_CURRENT_PID_TGID = 14;
  private static final int GET_CURRENT_UID_GID = 15;
  private static final int GET_SOCKET_COOKIE = 46;
  private static final int GET_NETNS_COOKIE = 122;
  private static final int RINGBUF_RESERVE = 131;
  private static final int RINGBUF_SUBMIT = 132;

  // Codes of instructions.
  private static final int MOVE_NUMBER = 0xb7;
  private static final int MOVE = 0xbf;
  private static final int LOAD_NUMBER = 0x18;
  private static final int LOAD_32 = 0x61;
  private static final int STORE_32 = 0x63;
  private static final int STORE_64 = 0x7b;
  private static final int ADD_ATOMIC_64 = 0xdb;
  private static final int JUMP = 0x05;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_UNEQUAL = 0x55;
  private static final int CALL = 0x85;
  private static final int EXIT = 0x95;

  /** Of the source of LOAD_NUMBER: the number is the descriptor of a map, or of its values. */
  private static final int MAP = 1;

  private static final int MAP_VALUE = 2;

  private static final int SIZE = 8;

  private final ByteBuffer code = ByteBuffer.allocate(64 * SIZE).order(ByteOrder.nativeOrder());

  private BindProgram() {}

  /**
   * Assembles it.
   *
   * @param ring the descriptor of the ring buffer for its records
   * @param lost the descriptor of the array whose first number counts what the ring had no room for
   */
  static byte[] instructions(int ring, int lost, boolean ipv6) {
    BindProgram program = new BindProgram();
    program.begin(ring);
    int full = program.jump(JUMP_EQUAL, 0, 0);
    program.fill(ipv6);
    int done = program.jump(JUMP, 0, 0);
    program.land(full);
    program.countLost(lost);
    program.land(done);
    program.land(2);
    program.add(MOVE_NUMBER, 0, 0, 0, 1);
    program.add(EXIT, 0, 0, 0, 0);
    byte[] instructions = new byte[program.code.position()];
    program.code.get(0, instructions);
    return instructions;
  }

  /** r6 = the socket; r0 = a new record. The third instruction leaves if it is not UDP. */
  private void begin(int ring) {
    add(MOVE, 6, 1, 0, 0);
    add(LOAD_32, 2, 6, SOCK_PROTOCOL, 0);
    add(JUMP_UNEQUAL, 2, 0, 0, IPPROTO_UDP);
    number(1, MAP, ring);
    add(MOVE_NUMBER, 2, 0, 0, RECORD);
    add(MOVE_NUMBER, 3, 0, 0, 0);
    add(CALL, 0, 0, 0, RINGBUF_RESERVE);
  }

  /** Fills the record in r7 and submits it. */
  private void fill(boolean ipv6) {
    add(MOVE, 7, 0, 0, 0);
    ask(KTIME_GET_NS, TIME_AT);
    ask(GET_CURRENT_PID_TGID, THREAD_AT);
    ask(GET_CURRENT_UID_GID, USER_AT);
    add(MOVE, 1, 6, 0, 0);
    ask(GET_SOCKET_COOKIE, SOCKET_AT);
    add(MOVE, 1, 6, 0, 0);
    ask(GET_NETNS_COOKIE, NAMESPACE_AT);
    copy(SOCK_PORT, PORT_AT);
    copy(SOCK_FAMILY, FAMILY_AT);
    for (int i = 0; i < 16; i += 4) {
      if (ipv6) {
        copy(SOCK_IP6 + i, ADDRESS_AT + i);
      } else if (i == 0) {
        copy(SOCK_IP4, ADDRESS_AT);
      } else {
        add(MOVE_NUMBER, 2, 0, 0, 0);
        add(STORE_32, 7, 2, ADDRESS_AT + i, 0);
      }
    }
    add(MOVE, 1, 7, 0, 0);
    add(MOVE_NUMBER, 2, 0, 0, 0);
    add(CALL, 0, 0, 0, RINGBUF_SUBMIT);
  }

  private void countLost(int lost) {
    number(1, MAP_VALUE, lost);
    add(MOVE_NUMBER, 2, 0, 0, 1);
    add(ADD_ATOMIC_64, 1, 2, 0, 0);
  }

  private void ask(int function, int to) {
    add(CALL, 0, 0, 0, function);
    add(STORE_64, 7, 0, to, 0);
  }

  private void copy(int from, int to) {
    add(LOAD_32, 2, 6, from, 0);
    add(STORE_32, 7, 2, to, 0);
  }

  /** A number of 64 bits takes two instructions. */
  private void number(int register, int kind, int number) {
    add(LOAD_NUMBER, register, kind, 0, number);
    add(0, 0, 0, 0, 0);
  }

  /** A jump whose target is not known yet; returns its place. */
  private int jump(int how, int register, int number) {
    add(how, register, 0, 0, number);
    return code.position() / SIZE - 1;
  }

  /** The jump at this place leads here. */
  private void land(int jump) {
    code.putShort(jump * SIZE + 2, (short) (code.position() / SIZE - jump - 1));
  }

  private void add(int what, int target, int source, int offset, int number) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    int registers = little ? source << 4 | target : target << 4 | source;
    code.put((byte) what).put((byte) registers).putShort((short) offset).putInt(number);
  }
}
