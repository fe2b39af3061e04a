package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import org.junit.jupiter.api.Test;

class NativeBufferTest {

  private static final int SIZE = 64 * 1024;
  private static final int PAGE = 4096;

  @Test
  void largeBuffer_needsMemoryOnlyWhereItIsUsed() throws IOException {
    NativeBuffer buffer = new NativeBuffer(SIZE);
    assertThat(presentPages(buffer)).isZero();
    buffer.bytes().put(SIZE / 2, (byte) 7);
    assertThat(presentPages(buffer)).isEqualTo(1);
    byte[] expected = new byte[SIZE];
    expected[SIZE / 2] = 7;
    assertThat(buffer.copy(SIZE)).isEqualTo(expected);
  }

  @Test
  void bufferWithinOnePage_isUntouched() {
    NativeBuffer buffer = new NativeBuffer(64);
    buffer.text("abc");
    assertThat(buffer.copy(4)).isEqualTo(new byte[] {'a', 'b', 'c', 0});
  }

  /**
   * The pages between both ends that are in memory: the highest bit of an entry
   * (proc_pid_pagemap(5)).
   */
  private static int presentPages(NativeBuffer buffer) throws IOException {
    int present = 0;
    try (RandomAccessFile pages = new RandomAccessFile("/proc/self/pagemap", "r")) {
      long end = (buffer.address() + SIZE) / PAGE;
      for (long page = (buffer.address() + PAGE - 1) / PAGE; page < end; page++) {
        byte[] entry = new byte[Long.BYTES];
        pages.seek(page * Long.BYTES);
        pages.readFully(entry);
        present += entry[Long.BYTES - 1] < 0 ? 1 : 0;
      }
    }
    return present;
  }
}
