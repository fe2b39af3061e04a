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

  /**
   * A read that returns less was the last one: the kernel fills a page, which is at least 4 KiB,
   * until the next line does not fit (fs/seq_file.c), and these lines have at most 200 bytes.
   */
  private static final int SHORT = 3_584;

  private final NativeBuffer piece = new NativeBuffer(64 * 1024);
  private final byte[] line = new byte[MAX_LINE];
  private int length;

  /**
   * Passes each line to the consumer, without its line end. At the end of a table of TCP the kernel
   * walks all connections of the host, which takes milliseconds, so the end is not read twice.
   *
   * @return true if the file was read by one call
   * @throws KernelException if reading fails
   */
  boolean read(int fd, Consumer<String> lines) throws KernelException {
    length = 0;
    int calls = 1;
    long count = Libc.read(fd, piece.address(), piece.size());
    while (count >= SHORT) {
      take((int) count, lines);
      count = Libc.read(fd, piece.address(), piece.size());
      calls++;
    }
    if (count > 0) {
      take((int) count, lines);
    }
    if (count < 0) {
      throw new KernelException("reading it", Native.getLastError());
    }
    if (length > 0) {
      end(lines);
    }
    return calls == 1;
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
