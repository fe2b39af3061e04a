package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The ring buffer of one perf event, which the kernel writes and we read (perf_event_open(2), "MMAP
 * layout"). Used by one thread.
 */
final class PerfRing implements AutoCloseable {

  private static final int PAGE = 4096;

  /** struct perf_event_mmap_page: data_head, data_tail. */
  private static final int DATA_HEAD_AT = 1024;

  private static final int DATA_TAIL_AT = 1032;

  /** struct perf_event_header: type u32, misc u16, size u16. */
  static final int HEADER = 8;

  /** A header and at least one number. */
  private static final int LEAST = HEADER + 8;

  // As read(2) gives them: the counts that the event was asked for, in the order of their bits.
  static final int COUNTED_AT = 0;
  static final int LOST_AT = 16;
  static final int COUNTS = 24;

  private static final int ENABLED_AT = 8;

  /** The longest record. */
  static final int LONGEST = 1 << 16;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final int fd;
  private final NativeBuffer memory;
  private final int size;
  private final boolean countsLost;
  private long head;
  private long tail;
  private long enabled;
  private boolean closed;

  private PerfRing(int fd, NativeBuffer memory, int size, boolean countsLost) {
    this.fd = fd;
    this.memory = memory;
    this.size = size;
    this.countsLost = countsLost;
  }

  /** Takes one record, which starts at position 0 with its header. */
  interface Sink {
    /** Reads the record before the next one replaces it. */
    void record(ByteBuffer bytes, int type, int misc, int length);
  }

  /**
   * Opens an event on a CPU with a ring of so many bytes, a power of two. A kernel that cannot
   * count lost records (before 6.0) does without.
   *
   * @throws KernelException where the kernel refuses
   */
  static PerfRing open(NativeBuffer attributes, int cpu, int size) throws KernelException {
    int fd = openEvent(attributes, cpu);
    int errno = fd < 0 ? Native.getLastError() : 0;
    if (errno == Errno.EINVAL && PerfAttributes.countsLost(attributes)) {
      PerfAttributes.countNothingLost(attributes);
      fd = openEvent(attributes, cpu);
      errno = Native.getLastError();
    }
    if (fd < 0) {
      throw new KernelException("opening a perf event on CPU " + cpu, errno);
    }
    long address = Libc.mmap(0, PAGE + size, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, fd, 0);
    if (address == -1) {
      errno = Native.getLastError();
      Libc.close(fd);
      throw new KernelException("mapping the ring buffer of CPU " + cpu, errno);
    }
    NativeBuffer memory = NativeBuffer.mapped(address, PAGE + size);
    return new PerfRing(fd, memory, size, PerfAttributes.countsLost(attributes));
  }

  /** Every process, on this CPU, without a group; PERF_FLAG_FD_CLOEXEC is 8. */
  private static int openEvent(NativeBuffer attributes, int cpu) {
    return (int) Libc.syscall(Libc.SYS_PERF_EVENT_OPEN, attributes.address(), -1, cpu, -1, 8);
  }

  int fd() {
    return fd;
  }

  /** Makes the records that the kernel has written until now available. */
  void look() {
    head = (long) LONGS.getAcquire(memory.bytes(), DATA_HEAD_AT);
    tail = memory.bytes().getLong(DATA_TAIL_AT);
  }

  /** True if there is a record to take. */
  boolean hasNext() {
    if (tail >= head) {
      return false;
    }
    int length = lengthOfNext();
    if (length >= LEAST && length <= head - tail) {
      return true;
    }
    // Not possible by perf_output_begin; what follows cannot be found.
    tail = head;
    LONGS.setRelease(memory.bytes(), DATA_TAIL_AT, tail);
    return false;
  }

  /**
   * When the next record was written, in nanoseconds of the monotonic clock, for records that end
   * with their time; {@code Long.MAX_VALUE} if no more is there.
   */
  long nextTime() {
    if (!hasNext()) {
      return Long.MAX_VALUE;
    }
    // Records are multiples of 8 bytes, so a time does not go on at the start of the ring.
    return memory.bytes().getLong(PAGE + (int) (tail + lengthOfNext() - 8 & (size - 1)));
  }

  private int lengthOfNext() {
    return memory.bytes().getShort(PAGE + (int) (tail & (size - 1)) + 6) & 0xFFFF;
  }

  /**
   * Reads how many records the event had to write and how many of them are lost.
   *
   * @param into {@link #COUNTS} bytes; the lost ones stay 0 if the kernel does not count them
   * @return false if that cannot be read
   */
  boolean count(NativeBuffer into) {
    int length = countsLost ? COUNTS : LOST_AT;
    into.clear(COUNTS);
    return Libc.read(fd, into.address(), length) == length;
  }

  /**
   * True if the event was not enabled since the last call: its CPU went offline, also if that is
   * back since.
   */
  boolean hasStopped(NativeBuffer into) {
    if (!count(into)) {
      return false;
    }
    long before = enabled;
    enabled = into.bytes().getLong(ENABLED_AT);
    return enabled == before;
  }

  /** Takes the next record. */
  void take(ByteBuffer record, Sink sink) {
    int length = lengthOfNext();
    copy((int) (tail & (size - 1)), length, record);
    tail += length;
    LONGS.setRelease(memory.bytes(), DATA_TAIL_AT, tail);
    sink.record(record, record.getInt(0), record.getShort(4) & 0xFFFF, length);
  }

  /** A record may go on at the start of the ring. */
  private void copy(int at, int length, ByteBuffer record) {
    int first = Math.min(length, size - at);
    record.put(0, memory.bytes(), PAGE + at, first);
    record.put(first, memory.bytes(), PAGE, length - first);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.munmap(memory.address(), PAGE + size);
      Libc.close(fd);
    }
  }
}
