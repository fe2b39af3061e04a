package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the links of BPF programs of the host, also those that no process holds because they are
 * pinned below /sys/fs/bpf. It takes CAP_SYS_ADMIN (bpf_obj_get_next_id and bpf_link_get_fd_by_id
 * in kernel/bpf/syscall.c) and Linux 5.8.
 */
public final class BpfLinks {

  // linux/bpf.h, enum bpf_cmd.
  private static final int BPF_OBJ_GET_INFO_BY_FD = 15;
  private static final int BPF_LINK_GET_FD_BY_ID = 30;
  private static final int BPF_LINK_GET_NEXT_ID = 31;

  private static final int MOST = 4_096;

  /**
   * struct bpf_link_info: the type, the number, the program; then the place, and behind it the type
   * of the attachment.
   */
  private static final int PROGRAM_AT = 8;

  private static final int PLACE_AT = 16;

  /**
   * The place of a link that is detached, or whose interface or network namespace has gone
   * (bpf_xdp_link_fill_link_info in net/core/dev.c, bpf_netns_link_fill_info).
   */
  private static final long GONE = 0;

  private static final int ATTACH_TYPE_AT = 20;
  private static final int INFO_SIZE = 128;

  private BpfLinks() {}

  /**
   * A link.
   *
   * @param program the number of its program
   * @param words its hook and place
   */
  public record LinkedProgram(long program, String words) {}

  /**
   * Returns the links that can take traffic away from sockets, in the order of their numbers.
   *
   * @throws KernelException if the kernel or the rights do not allow it, or there are more than
   *     {@value #MOST} links
   */
  public static List<LinkedProgram> redirecting() throws KernelException {
    List<LinkedProgram> found = new ArrayList<>();
    NativeBuffer attributes = BpfCalls.attributes();
    NativeBuffer info = new NativeBuffer(INFO_SIZE);
    int id = 0;
    for (int links = 0; links < MOST; links++) {
      attributes.clear(BpfCalls.ATTRIBUTES);
      attributes.bytes().putInt(0, id);
      if (BpfCalls.ask(BPF_LINK_GET_NEXT_ID, attributes) < 0) {
        if (Native.getLastError() == Errno.ENOENT) {
          return found;
        }
        throw new KernelException("listing the links of BPF programs", Native.getLastError());
      }
      id = attributes.bytes().getInt(4);
      add(id, attributes, info, found);
    }
    throw new KernelException("there are more than " + MOST + " links of BPF programs");
  }

  private static void add(
      int id, NativeBuffer attributes, NativeBuffer info, List<LinkedProgram> into)
      throws KernelException {
    attributes.clear(BpfCalls.ATTRIBUTES);
    attributes.bytes().putInt(0, id);
    int fd = (int) BpfCalls.ask(BPF_LINK_GET_FD_BY_ID, attributes);
    if (fd < 0) {
      if (Native.getLastError() == Errno.ENOENT) {
        return; // It has ended since.
      }
      throw new KernelException("opening the link of a BPF program", Native.getLastError());
    }
    try {
      attributes.clear(BpfCalls.ATTRIBUTES);
      info.clear(INFO_SIZE);
      ByteBuffer bytes = attributes.bytes();
      bytes.putInt(0, fd);
      bytes.putInt(4, INFO_SIZE);
      bytes.putLong(8, info.address());
      if (BpfCalls.ask(BPF_OBJ_GET_INFO_BY_FD, attributes) < 0) {
        throw new KernelException("reading the link of a BPF program", Native.getLastError());
      }
    } finally {
      Libc.close(fd);
    }
    LinkedProgram link = parse(info.bytes(), id);
    if (link != null) {
      into.add(link);
    }
  }

  /** Returns {@code null} if the link redirects nothing, as when its place is gone. */
  static @Nullable LinkedProgram parse(ByteBuffer info, int id) {
    PacketHook hook = PacketHook.ofLink(info.getInt(0), info.getInt(ATTACH_TYPE_AT));
    long place = Integer.toUnsignedLong(info.getInt(PLACE_AT));
    return hook == null || place == GONE
        ? null
        : new LinkedProgram(
            Integer.toUnsignedLong(info.getInt(PROGRAM_AT)),
            hook.at(place, Integer.toUnsignedLong(id)));
  }
}
