package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the kernel writes and Java reads: allocated once and reused for every call. */
public final class NativeBuffer {

  /** The smallest size of a page; where pages are larger, memory is kept. */
  private static final int PAGE = 4096;

  private final ByteBuffer bytes;
  private final long address;

  public NativeBuffer(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    returnPages(size);
  }

  /**
   * Returns the pages between both ends to the system: Java has filled them with zeros, and most
   * are never used. At its next use a page is one of zeros again (madvise(2)). A refusal changes
   * nothing.
   */
  private void returnPages(int size) {
    long first = (address + PAGE - 1) / PAGE * PAGE;
    long end = (address + size) / PAGE * PAGE;
    if (end > first) {
      Libc.madvise(first, end - first, Libc.MADV_DONTNEED);
    }
  }

  private NativeBuffer(ByteBuffer bytes, long address) {
    this.bytes = bytes;
    this.address = address;
  }

  /** Returns a view of memory that the caller has mapped and unmaps (mmap(2)). */
  public static NativeBuffer mapped(long address, int size) {
    ByteBuffer bytes = new Pointer(address).getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    return new NativeBuffer(bytes, address);
  }

  /** Returns its address; valid while this object is reachable. */
  public long address() {
    return address;
  }

  /** Returns its content in native byte order; position 0, limit at the end. */
  public ByteBuffer bytes() {
    return bytes;
  }

  public int size() {
    return bytes.capacity();
  }

  /** Writes a C string of ASCII text and returns its address. */
  public long text(String ascii) {
    int length = ascii.length();
    for (int i = 0; i < length; i++) {
      bytes.put(i, (byte) ascii.charAt(i));
    }
    bytes.put(length, (byte) 0);
    return address;
  }

  /** Writes a C string of these bytes and returns its address. */
  public long text(byte[] raw) {
    bytes.put(0, raw);
    bytes.put(raw.length, (byte) 0);
    return address;
  }

  /**
   * Writes a C string of these bytes and of ISO 8859-1 text behind them and returns its address.
   */
  public long text(byte[] first, String latin) {
    bytes.put(0, first);
    int length = latin.length();
    for (int i = 0; i < length; i++) {
      char letter = latin.charAt(i);
      bytes.put(first.length + i, (byte) (letter > 0xFF ? '?' : letter));
    }
    bytes.put(first.length + length, (byte) 0);
    return address;
  }

  /** Writes a C string of ASCII text followed by a number and returns its address. */
  public long text(String ascii, int number) {
    text(ascii);
    int at = ascii.length();
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    bytes.put(at + digits, (byte) 0);
    for (int rest = number, digitAt = at + digits - 1; digitAt >= at; digitAt--, rest /= 10) {
      bytes.put(digitAt, (byte) ('0' + rest % 10));
    }
    return address;
  }

  /**
   * Reads an open file from its start: about {@code most} bytes, and never more than fit. A file of
   * /proc returns a page at most, so it is read until nothing comes (seq_read in fs/seq_file.c).
   *
   * @return the number of bytes, or -1 if that fails
   */
  public long fill(int fd, int most) {
    return fill(fd, most, PAGE);
  }

  /**
   * The same for a file of /proc/net whose lines have a known length: the kernel returns as many
   * whole lines as fit into a page, so a text that leaves room for another line there has ended.
   *
   * @param line no line is longer than this number of bytes
   */
  long fill(int fd, int most, int line) {
    long length = 0;
    long got;
    do {
      got = Libc.pread(fd, address + length, size() - length, length);
      length += Math.max(got, 0);
    } while (got > 0 && length < most && length > PAGE - line);
    return got < 0 ? -1 : length;
  }

  /** Copies the first bytes. */
  public byte[] copy(int length) {
    byte[] copy = new byte[length];
    bytes.get(0, copy);
    return copy;
  }

  /** Fills the first bytes with zeros. */
  public void clear(int length) {
    for (int i = 0; i < length; i++) {
      bytes.put(i, (byte) 0);
    }
  }
}
