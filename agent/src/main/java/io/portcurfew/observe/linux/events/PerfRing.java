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

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final int fd;
  private final NativeBuffer memory;
  private final int size;
  private final ByteBuffer record = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());
  private boolean closed;

  private PerfRing(int fd, NativeBuffer memory, int size) {
    this.fd = fd;
    this.memory = memory;
    this.size = size;
  }

  /** Takes one record, which starts at position 0 with its header. */
  interface Sink {
    /** Reads the record before the next one replaces it. */
    void record(ByteBuffer bytes, int type, int misc, int length);
  }

  /**
   * Opens an event on a CPU with a ring of so many bytes, a power of two.
   *
   * @throws KernelException where the kernel refuses
   */
  static PerfRing open(NativeBuffer attributes, int cpu, int size) throws KernelException {
    int fd = openEvent(attributes, cpu);
    long address = Libc.mmap(0, PAGE + size, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, fd, 0);
    if (address == -1) {
      int errno = Native.getLastError();
      Libc.close(fd);
      throw new KernelException("mapping the ring buffer of CPU " + cpu, errno);
    }
    return new PerfRing(fd, NativeBuffer.mapped(address, PAGE + size), size);
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

  /** Reads all records that are there. */
  void drain(Sink sink) {
    long head = (long) LONGS.getAcquire(memory.bytes(), DATA_HEAD_AT);
    long tail = memory.bytes().getLong(DATA_TAIL_AT);
    while (tail < head) {
      int at = (int) (tail & (size - 1));
      int length = memory.bytes().getShort(PAGE + at + 6) & 0xFFFF;
      if (length < HEADER || length > head - tail) {
        // Not possible by perf_output_begin; what follows cannot be found.
        tail = head;
      } else {
        copy(at, length);
        sink.record(record, record.getInt(0), record.getShort(4) & 0xFFFF, length);
        tail += length;
      }
      LONGS.setRelease(memory.bytes(), DATA_TAIL_AT, tail);
    }
  }

  /** A record may go on at the start of the ring. */
  private void copy(int at, int length) {
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
