package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The calls of bpf(2) that a program of a control group needs; fields of union bpf_attr. */
public final class BpfCalls {

  /** linux/bpf.h, BPF_MAP_TYPE_ARRAY. */
  public static final int MAP_ARRAY = 2;

  /** linux/bpf.h, BPF_MAP_TYPE_RINGBUF; since Linux 5.8. */
  public static final int MAP_RINGBUF = 27;

  // linux/bpf.h, enum bpf_cmd.
  private static final int BPF_MAP_CREATE = 0;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_LINK_CREATE = 28;

  /** linux/bpf.h, BPF_F_MMAPABLE: the values of an array can be mapped. */
  private static final int MMAPABLE = 1 << 10;

  /** linux/bpf.h, BPF_PROG_TYPE_CGROUP_SOCK. */
  private static final int CGROUP_SOCK = 9;

  private static final int INSTRUCTION = 8;

  /** Of union bpf_attr the part that Linux 5.7 knows; a later one takes it too. */
  static final int ATTRIBUTES = 120;

  private BpfCalls() {}

  /**
   * Creates a map.
   *
   * @param type {@link #MAP_ARRAY} of numbers, or {@link #MAP_RINGBUF}
   * @param entries of an array; the bytes of a ring buffer
   * @return its descriptor, which is closed at execve(2)
   * @throws KernelException where the kernel or the rights do not allow it
   */
  public static int createMap(int type, int entries) throws KernelException {
    boolean isArray = type == MAP_ARRAY;
    NativeBuffer attributes = attributes();
    ByteBuffer bytes = attributes.bytes();
    bytes.putInt(0, type);
    bytes.putInt(4, isArray ? 4 : 0);
    bytes.putInt(8, isArray ? 8 : 0);
    bytes.putInt(12, entries);
    bytes.putInt(16, isArray ? MMAPABLE : 0);
    return call(BPF_MAP_CREATE, attributes, "creating a BPF map");
  }

  /**
   * Loads a program for sockets of control groups.
   *
   * @param attachType for which it is checked
   * @throws KernelException where the kernel or the rights do not allow it
   */
  public static int load(byte[] instructions, int attachType) throws KernelException {
    NativeBuffer code = new NativeBuffer(instructions.length);
    code.bytes().put(0, instructions);
    NativeBuffer license = new NativeBuffer(16);
    license.text("Apache-2.0".getBytes(StandardCharsets.US_ASCII));
    NativeBuffer attributes = attributes();
    ByteBuffer bytes = attributes.bytes();
    bytes.putInt(0, CGROUP_SOCK);
    bytes.putInt(4, instructions.length / INSTRUCTION);
    bytes.putLong(8, code.address());
    bytes.putLong(16, license.address());
    bytes.putInt(68, attachType);
    try {
      return call(BPF_PROG_LOAD, attributes, "loading a BPF program");
    } finally {
      Reference.reachabilityFence(code);
      Reference.reachabilityFence(license);
    }
  }

  /**
   * Attaches a program to a control group, beside those that others attached.
   *
   * @return the descriptor of the link: the program is attached as long as it is open
   * @throws KernelException where the kernel or the rights do not allow it
   */
  public static int attach(int program, int group, int attachType) throws KernelException {
    NativeBuffer attributes = attributes();
    ByteBuffer bytes = attributes.bytes();
    bytes.putInt(0, program);
    bytes.putInt(4, group);
    bytes.putInt(8, attachType);
    return call(BPF_LINK_CREATE, attributes, "attaching a BPF program to the control groups");
  }

  /** Returns an empty union bpf_attr. */
  static NativeBuffer attributes() {
    NativeBuffer attributes = new NativeBuffer(ATTRIBUTES);
    attributes.clear(ATTRIBUTES);
    return attributes;
  }

  private static int call(int command, NativeBuffer attributes, String doing)
      throws KernelException {
    long fd = ask(command, attributes);
    if (fd < 0) {
      throw new KernelException(doing, Native.getLastError());
    }
    return (int) fd;
  }

  /** Calls bpf(2); returns -1 and sets the error if the kernel refuses. */
  static long ask(int command, NativeBuffer attributes) {
    return Libc.syscall(Libc.SYS_BPF, command, attributes.address(), ATTRIBUTES, 0);
  }
}
