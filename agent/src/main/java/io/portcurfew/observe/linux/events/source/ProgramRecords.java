package io.portcurfew.observe.linux.events.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Follows which program each process runs by perf's records of execve(2), fork(2), exit(2) and
 * mapped files, so that the program of a process that has ended is known. Used by one thread.
 */
final class ProgramRecords {

  // enum perf_event_type of linux/perf_event.h.
  private static final int PERF_RECORD_COMM = 3;
  private static final int PERF_RECORD_EXIT = 4;
  private static final int PERF_RECORD_FORK = 7;
  private static final int PERF_RECORD_MMAP2 = 10;
  private static final int PERF_RECORD_NAMESPACES = 16;

  /** Of a COMM record: the name is that of execve(2). */
  private static final int MISC_COMM_EXEC = 1 << 13;

  // struct of PERF_RECORD_MMAP2: pid u32, tid u32, addr u64, len u64, pgoff u64, maj u32, min u32,
  // ino u64, ino_generation u64, prot u32, flags u32, filename.
  private static final int PID_AT = 8;
  private static final int MAJOR_AT = 40;
  private static final int MINOR_AT = 44;
  private static final int INODE_AT = 48;
  private static final int FILENAME_AT = 72;

  // struct of PERF_RECORD_FORK: pid u32, ppid u32, tid u32, ptid u32, time u64.
  private static final int PARENT_AT = 12;
  private static final int TID_AT = 16;

  private static final int THREAD_AT = 12;

  // struct of PERF_RECORD_NAMESPACES: pid u32, tid u32, nr u64, then dev u64 and inode u64 of each;
  // linux/perf_event.h, NET_NS_INDEX, USER_NS_INDEX and MNT_NS_INDEX.
  private static final int FIRST_INODE_AT = 32;
  private static final int LINK = 16;
  private static final int USER_NS_INDEX = 4;
  private static final int MNT_NS_INDEX = 5;

  /** At the end of each record: pid u32, tid u32, time u64. */
  private static final int RECORD_ID = 16;

  private final ProgramMemory memory;

  ProgramRecords(ProgramMemory memory) {
    this.memory = memory;
  }

  /** Takes one record. */
  void read(ByteBuffer bytes, int type, int misc, int length) {
    int pid = length < PID_AT + 8 + RECORD_ID ? 0 : bytes.getInt(PID_AT);
    long time = bytes.getLong(Math.max(0, length - 8));
    if (pid <= 0) {
      return;
    }
    switch (type) {
      case PERF_RECORD_COMM -> {
        if ((misc & MISC_COMM_EXEC) != 0) {
          memory.executes(pid, time);
        }
      }
      case PERF_RECORD_MMAP2 -> mapped(bytes, pid, length - RECORD_ID, time);
      case PERF_RECORD_FORK -> forked(bytes, pid, time);
      case PERF_RECORD_NAMESPACES -> {
        int usersAt = FIRST_INODE_AT + USER_NS_INDEX * LINK;
        int mountsAt = FIRST_INODE_AT + MNT_NS_INDEX * LINK;
        // Each thread has namespaces of its own; those of the first one are those of the process.
        if (length >= mountsAt + 8 && bytes.getInt(THREAD_AT) == pid) {
          memory.entered(
              pid, bytes.getLong(FIRST_INODE_AT), bytes.getLong(mountsAt), bytes.getLong(usersAt));
        }
      }
      case PERF_RECORD_EXIT -> {
        if (bytes.getInt(TID_AT) == pid) {
          memory.ends(pid);
        }
      }
      default -> {}
    }
  }

  /** Threads have the number of their process. */
  private void forked(ByteBuffer bytes, int pid, long time) {
    if (bytes.getInt(TID_AT) == pid) {
      memory.forks(bytes.getInt(PARENT_AT), pid, time);
    }
  }

  /** The first file that a process maps after execve(2) is its program (load_elf_binary). */
  private void mapped(ByteBuffer bytes, int pid, int length, long time) {
    if (length <= FILENAME_AT || !memory.awaitsFile(pid) || bytes.get(FILENAME_AT) != '/') {
      return;
    }
    int end = FILENAME_AT;
    while (end < length && bytes.get(end) != 0) {
      end++;
    }
    byte[] path = new byte[end - FILENAME_AT];
    bytes.get(FILENAME_AT, path);
    long device = ((long) bytes.getInt(MAJOR_AT) << 32) | (bytes.getInt(MINOR_AT) & 0xFFFFFFFFL);
    String name = new String(path, StandardCharsets.ISO_8859_1);
    memory.maps(pid, new Program(name, device, bytes.getLong(INODE_AT)), time);
  }
}
