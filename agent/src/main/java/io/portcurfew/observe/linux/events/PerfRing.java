package io.portcurfew.observe.linux.events;

import com.sun.jna.Native;
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

  /** The longest record. */
  static final int LONGEST = 1 << 16;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final int fd;
  private final NativeBuffer memory;
  private final int size;
  private final int timeOfSample;
  private long head;
  private long tail;
  private boolean closed;

  private PerfRing(int fd, NativeBuffer memory, int size, int timeOfSample) {
    this.fd = fd;
    this.memory = memory;
    this.size = size;
    this.timeOfSample = timeOfSample;
  }

  /** Takes one record, which starts at position 0 with its header. */
  interface Sink {
    /** Reads the record before the next one replaces it. */
    void record(ByteBuffer bytes, int type, int misc, int length);
  }

  /**
   * Opens an event on a CPU with a ring of so many bytes, a power of two.
   *
   * @param timeOfSample where a sample has its time; 0 if the ring has records with their time at
   *     the end
   * @throws KernelException where the kernel refuses
   */
  static PerfRing open(NativeBuffer attributes, int cpu, int size, int timeOfSample)
      throws KernelException {
    int fd = openEvent(attributes, cpu);
    long address = Libc.mmap(0, PAGE + size, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, fd, 0);
    if (address == -1) {
      int errno = Native.getLastError();
      Libc.close(fd);
      throw new KernelException("mapping the ring buffer of CPU " + cpu, errno);
    }
    return new PerfRing(fd, NativeBuffer.mapped(address, PAGE + size), size, timeOfSample);
  }

  private static int openEvent(NativeBuffer attributes, int cpu) throws KernelException {
    // Every process, on this CPU, without a group; PERF_FLAG_FD_CLOEXEC is 8.
    long fd = Libc.syscall(Libc.SYS_PERF_EVENT_OPEN, attributes.address(), -1, cpu, -1, 8);
    if (fd < 0) {
      throw new KernelException("opening a perf event on CPU " + cpu, Native.getLastError());
    }
    return (int) fd;
  }

  int fd() {
    return fd;
  }

  /** What the kernel has written until now is there to take. */
  void look() {
    head = (long) LONGS.getAcquire(memory.bytes(), DATA_HEAD_AT);
    tail = memory.bytes().getLong(DATA_TAIL_AT);
  }

  /**
   * When the next record was written, in nanoseconds of the monotonic clock; {@code Long.MAX_VALUE}
   * if no more is there.
   */
  long nextTime() {
    if (tail >= head) {
      return Long.MAX_VALUE;
    }
    int length = lengthOfNext();
    if (length < LEAST || length > head - tail) {
      // Not possible by perf_output_begin; what follows cannot be found.
      tail = head;
      LONGS.setRelease(memory.bytes(), DATA_TAIL_AT, tail);
      return Long.MAX_VALUE;
    }
    // Records are multiples of 8 bytes, so a time does not go on at the start of the ring.
    long at = tail + (timeOfSample == 0 ? length - 8 : Math.min(timeOfSample, length - 8));
    return memory.bytes().getLong(PAGE + (int) (at & (size - 1)));
  }

  private int lengthOfNext() {
    return memory.bytes().getShort(PAGE + (int) (tail & (size - 1)) + 6) & 0xFFFF;
  }

  /** Takes the record of which {@link #nextTime} gave the time. */
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

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.munmap(memory.address(), PAGE + size);
      Libc.close(fd);
    }
  }
}
