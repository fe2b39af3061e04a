package io.portcurfew.observe.linux.procnet;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads an open file of any length line by line. */
final class LineReader {

  /** The limit for a line, whose rest is dropped; /proc/net/tcp6 has at most 200 bytes a line. */
  private static final int MAX_LINE = 1024;

  private final NativeBuffer piece = new NativeBuffer(64 * 1024);
  private final byte[] line = new byte[MAX_LINE];
  private int length;

  /**
   * Passes each line to the consumer, without its line end.
   *
   * @throws KernelException if reading fails
   */
  void read(int fd, Consumer<String> lines) throws KernelException {
    length = 0;
    long count = Libc.read(fd, piece.address(), piece.size());
    while (count > 0) {
      take((int) count, lines);
      count = Libc.read(fd, piece.address(), piece.size());
    }
    if (count < 0) {
      throw new KernelException("reading it", Native.getLastError());
    }
    if (length > 0) {
      end(lines);
    }
  }

  private void take(int count, Consumer<String> lines) {
    ByteBuffer bytes = piece.bytes();
    for (int at = 0; at < count; at++) {
      byte character = bytes.get(at);
      if (character == '\n') {
        end(lines);
      } else if (length < MAX_LINE) {
        line[length++] = character;
      }
    }
  }

  private void end(Consumer<String> lines) {
    lines.accept(new String(line, 0, length, StandardCharsets.ISO_8859_1));
    length = 0;
  }
}
