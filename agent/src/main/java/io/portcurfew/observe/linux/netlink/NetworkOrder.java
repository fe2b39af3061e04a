package io.portcurfew.observe.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads and writes ports and addresses, which are in network byte order; the kernel writes its own
 * numbers in native byte order.
 */
final class NetworkOrder {

  private NetworkOrder() {}

  static int getShort(ByteBuffer bytes, int at) {
    return ((bytes.get(at) & 0xFF) << 8) | (bytes.get(at + 1) & 0xFF);
  }

  static void putShort(ByteBuffer bytes, int at, int value) {
    bytes.put(at, (byte) (value >> 8));
    bytes.put(at + 1, (byte) value);
  }

  /** A buffer in native byte order. */
  static long getLong(ByteBuffer bytes, int at) {
    long value = bytes.getLong(at);
    return bytes.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
  }

  /** A buffer in native byte order. */
  static void putLong(ByteBuffer bytes, int at, long value) {
    bytes.putLong(at, bytes.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
  }

  static void putBytes(ByteBuffer bytes, int at, byte[] address) {
    for (int i = 0; i < address.length; i++) {
      bytes.put(at + i, address[i]);
    }
  }
}
