package io.portcurfew.bundle.signature;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes the data types of the SSH protocol (RFC 4251, section 5). */
final class WireWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds bytes without their length. */
  WireWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Adds a number of 32 bits. */
  WireWriter uint32(int number) {
    return raw(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** Adds a string of bytes. */
  WireWriter string(byte[] bytes) {
    return uint32(bytes.length).raw(bytes);
  }

  /** The bytes so far. */
  byte[] bytes() {
    return out.toByteArray();
  }
}
