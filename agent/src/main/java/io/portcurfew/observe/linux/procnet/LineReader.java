package io.portcurfew.observe.linux.procnet;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads an open file line by line, however long it is. */
final class LineReader {

  /** A line of /proc/net/tcp6 has 200 bytes at most; of a longer one only the start is read. */
  private static final int MOST_OF_LINE = 1024;

  private final NativeBuffer piece = new NativeBuffer(64 * 1024);
  private final byte[] line = new byte[MOST_OF_LINE];
  private int length;

  /**
   * Hands over each line without its end.
   *
   * @throws KernelException where reading fails
   */
  void read(int fd, Consumer<String> lines) throws KernelException {
    length = 0;
    long got = Libc.read(fd, piece.address(), piece.size());
    while (got > 0) {
      take((int) got, lines);
      got = Libc.read(fd, piece.address(), piece.size());
    }
    if (got < 0) {
      throw new KernelException("reading it", Native.getLastError());
    }
    if (length > 0) {
      end(lines);
    }
  }

  private void take(int got, Consumer<String> lines) {
    ByteBuffer bytes = piece.bytes();
    for (int at = 0; at < got; at++) {
      byte one = bytes.get(at);
      if (one == '\n') {
        end(lines);
      } else if (length < MOST_OF_LINE) {
        line[length++] = one;
      }
    }
  }

  private void end(Consumer<String> lines) {
    lines.accept(new String(line, 0, length, StandardCharsets.ISO_8859_1));
    length = 0;
  }
}
