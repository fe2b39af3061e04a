package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A ring buffer that BPF programs write and we read (Documentation/bpf/ringbuf.rst). Used by one
 * thread.
 */
public final class BpfRing implements AutoCloseable {

  private static final int PAGE = 4096;

  /** sys/mman.h. */
  private static final int PROT_READ = 1;

  /** linux/bpf.h, BPF_RINGBUF_BUSY_BIT, BPF_RINGBUF_DISCARD_BIT, BPF_RINGBUF_HDR_SZ. */
  private static final int BUSY = 1 << 31;

  private static final int DISCARDED = 1 << 30;
  private static final int HEADER = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final int fd;
  private final int size;
  private final NativeBuffer consumer;
  private final NativeBuffer producer;

  private BpfRing(int fd, int size, NativeBuffer consumer, NativeBuffer producer) {
    this.fd = fd;
    this.size = size;
    this.consumer = consumer;
    this.producer = producer;
  }

  /** Takes one record. */
  public interface BpfRecordSink {
    /** Reads the record, which starts there, before the next one replaces it. */
    void record(ByteBuffer bytes, int at, int length);
  }

  /**
   * Creates a ring of so many bytes, a power of two and of pages.
   *
   * @throws KernelException where the kernel or the rights do not allow it
   */
  public static BpfRing create(int size) throws KernelException {
    int fd = BpfCalls.createMap(BpfCalls.MAP_RINGBUF, size);
    long consumer = Libc.mmap(0, PAGE, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, fd, 0);
    // The data is there twice, one after the other, so that no record goes on at the start.
    long length = PAGE + 2L * size;
    long producer =
        consumer == -1 ? -1 : Libc.mmap(0, length, PROT_READ, Libc.MAP_SHARED, fd, PAGE);
    if (producer == -1) {
      int errno = Native.getLastError();
      if (consumer != -1) {
        Libc.munmap(consumer, PAGE);
      }
      Libc.close(fd);
      throw new KernelException("mapping a BPF ring buffer", errno);
    }
    return new BpfRing(
        fd, size, NativeBuffer.mapped(consumer, PAGE), NativeBuffer.mapped(producer, (int) length));
  }

  /** Readable while there is a record. */
  public int fd() {
    return fd;
  }

  /** Reads the records that are there at the start, so that a flood does not make it endless. */
  public void drain(BpfRecordSink sink) {
    ByteBuffer bytes = producer.bytes();
    long at = consumer.bytes().getLong(0);
    long end = (long) LONGS.getAcquire(bytes, 0);
    while (at < end) {
      int place = PAGE + (int) (at & (size - 1));
      int header = (int) INTS.getAcquire(bytes, place);
      if ((header & BUSY) != 0) {
        return;
      }
      int length = header & ~DISCARDED;
      if ((header & DISCARDED) == 0) {
        sink.record(bytes, place + HEADER, length);
      }
      at += (length + HEADER + 7) & ~7;
      LONGS.setRelease(consumer.bytes(), 0, at);
    }
  }

  @Override
  public void close() {
    Libc.munmap(consumer.address(), consumer.size());
    Libc.munmap(producer.address(), producer.size());
    Libc.close(fd);
  }
}
