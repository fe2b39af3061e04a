package io.portcurfew.bundle.signature;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the data types of the SSH protocol (RFC 4251, section 5) from bytes of a stranger. */
final class WireReader {

  private final ByteBuffer in;
  private final String noun;

  /**
   * A reader of these bytes.
   *
   * @param noun the name of the structure in a refusal, like {@code the signature}
   */
  WireReader(byte[] bytes, String noun) {
    this.in = ByteBuffer.wrap(bytes);
    this.noun = noun;
  }

  /** A number of 8 bits. */
  int octet() throws SignatureRefusal {
    try {
      return Byte.toUnsignedInt(in.get());
    } catch (BufferUnderflowException e) {
      throw damaged();
    }
  }

  /** A number of 32 bits. */
  long uint32() throws SignatureRefusal {
    try {
      return Integer.toUnsignedLong(in.getInt());
    } catch (BufferUnderflowException e) {
      throw damaged();
    }
  }

  /** A number of 64 bits; negative for one above {@link Long#MAX_VALUE}. */
  long uint64() throws SignatureRefusal {
    try {
      return in.getLong();
    } catch (BufferUnderflowException e) {
      throw damaged();
    }
  }

  /** Exactly so many bytes. */
  byte[] bytes(int length) throws SignatureRefusal {
    if (length < 0 || length > in.remaining()) {
      throw damaged();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /** A string of any bytes. */
  byte[] string() throws SignatureRefusal {
    long length = uint32();
    return bytes(length > Integer.MAX_VALUE ? -1 : (int) length);
  }

  /** A string of text. */
  String text() throws SignatureRefusal {
    return new String(string(), StandardCharsets.UTF_8);
  }

  /** A number of any length that is not negative. */
  BigInteger positive() throws SignatureRefusal {
    byte[] bytes = string();
    BigInteger number = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    if (number.signum() < 0) {
      throw damaged();
    }
    return number;
  }

  /** The number of bytes that were read. */
  int position() {
    return in.position();
  }

  /** True if bytes are left. */
  boolean hasMore() {
    return in.hasRemaining();
  }

  /** Refuses bytes after the end. */
  void end() throws SignatureRefusal {
    if (in.hasRemaining()) {
      throw damaged();
    }
  }

  /** The refusal of a structure that does not fit its format. */
  SignatureRefusal damaged() {
    return new SignatureRefusal(noun + " is damaged");
  }
}
