package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The content of a netlink attribute (struct nlattr, linux/netlink.h).
 *
 * @param from the first byte of the content
 * @param to the byte after the last
 */
record Attribute(int from, int to) {

  /** The two high bits of a type are flags: NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
  private static final int TYPE = 0x3FFF;

  /**
   * Returns the first attribute of a type, or {@code null} if there is none.
   *
   * @throws KernelException if an attribute is truncated
   */
  static @Nullable Attribute find(ByteBuffer bytes, int from, int to, int type)
      throws KernelException {
    int at = from;
    while (at + NetlinkMessages.ATTRIBUTE_HEADER <= to) {
      int length = bytes.getShort(at) & 0xFFFF;
      if (length < NetlinkMessages.ATTRIBUTE_HEADER || length > to - at) {
        throw new KernelException("an attribute is truncated");
      }
      if ((bytes.getShort(at + 2) & TYPE) == type) {
        return new Attribute(at + NetlinkMessages.ATTRIBUTE_HEADER, at + length);
      }
      at += NetlinkMessages.align(length);
    }
    return null;
  }

  int length() {
    return to - from;
  }

  /** Returns the first four bytes as a number in native byte order. */
  int number(ByteBuffer bytes) throws KernelException {
    if (length() < Integer.BYTES) {
      throw new KernelException("an attribute is too short for a number");
    }
    return bytes.getInt(from);
  }

  /** Returns the text up to the first NUL, byte for byte as ISO 8859-1. */
  String text(ByteBuffer bytes) {
    byte[] raw = new byte[length()];
    bytes.get(from, raw);
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
