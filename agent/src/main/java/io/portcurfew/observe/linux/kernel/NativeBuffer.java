package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the kernel writes to and Java reads: allocated once, used for every call. */
public final class NativeBuffer {

  private final ByteBuffer bytes;
  private final long address;

  public NativeBuffer(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
  }

  /** Where it is; valid while this object is in use. */
  public long address() {
    return address;
  }

  /** Its content, in the byte order of the machine; position 0, limit at the end. */
  public ByteBuffer bytes() {
    return bytes;
  }

  public int size() {
    return bytes.capacity();
  }

  /** Writes a C string of ASCII text and gives its address. */
  public long text(String ascii) {
    int length = ascii.length();
    for (int i = 0; i < length; i++) {
      bytes.put(i, (byte) ascii.charAt(i));
    }
    bytes.put(length, (byte) 0);
    return address;
  }

  /** Writes a C string of these bytes and gives its address. */
  public long text(byte[] raw) {
    bytes.put(0, raw);
    bytes.put(raw.length, (byte) 0);
    return address;
  }

  /** Writes a C string of ASCII text and a number behind it, and gives its address. */
  public long text(String ascii, int number) {
    text(ascii);
    int at = ascii.length();
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    bytes.put(at + digits, (byte) 0);
    for (int rest = number, place = at + digits - 1; place >= at; place--, rest /= 10) {
      bytes.put(place, (byte) ('0' + rest % 10));
    }
    return address;
  }

  /** A copy of the first bytes. */
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
