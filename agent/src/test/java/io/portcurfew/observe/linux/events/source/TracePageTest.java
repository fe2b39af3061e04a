package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TracePageTest {

  /** Read from trace_pipe_raw of Linux 6.18: a listener opens at 127.0.0.1:18619 and closes. */
  private static final String REAL =
      """
      aa39f65c52170000 9800000000000000
      12000000
      ef080000717f000040d322898388ffff070000000a000000bb480000020006007f000001
      0000000000000000000000000000ffff7f00000100000000000000000000ffff00000000
      72760d00
      ef080000717f000040d322898388ffff0a00000007000000bb480000020006007f000001
      0000000000000000000000000000ffff7f00000100000000000000000000ffff00000000
      """;

  private static final long TIME = 0x0000_1752_5cf6_39aaL;

  private record Taken(int at, int length, long nanos) {}

  private static List<Taken> read(byte[] bytes) {
    List<Taken> all = new ArrayList<>();
    ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN).put(0, bytes);
    TracePage.read(
        page, bytes.length, (at, length, nanos) -> all.add(new Taken(at, length, nanos)));
    return all;
  }

  static byte[] realPage() {
    return HexFormat.of().parseHex(REAL.replaceAll("\\s", ""));
  }

  private static byte[] page(int... words) {
    ByteBuffer page = ByteBuffer.allocate(16 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(1000).putLong(4L * words.length);
    for (int word : words) {
      page.putInt(word);
    }
    return page.array();
  }

  @Test
  void realPage_hasItsTwoRecords() {
    assertThat(read(realPage()))
        .containsExactly(new Taken(20, 72, TIME), new Taken(96, 72, TIME + (0x0d7672 >> 5)));
  }

  @Test
  void extendedTime_isAdded() {
    assertThat(read(page(30 | 3 << 5, 2, 1 | 4 << 5, 0)))
        .containsExactly(new Taken(28, 4, 1000 + (2L << 27) + 3 + 4));
  }

  @Test
  void absoluteTime_replacesTheOneBefore() {
    assertThat(read(page(31 | 3 << 5, 2, 1 | 4 << 5, 0)))
        .containsExactly(new Taken(28, 4, (2L << 27) + 3 + 4));
  }

  @Test
  void longRecord_hasItsLengthInFront() {
    assertThat(read(page(0, 12, 7, 7))).containsExactly(new Taken(24, 8, 1000));
  }

  @Test
  void padding_isPassedOver() {
    assertThat(read(page(29 | 1 << 5, 4, 1, 0))).containsExactly(new Taken(28, 4, 1001));
    assertThat(read(page(29, 4, 1, 0))).isEmpty();
  }

  @Test
  void brokenPages_giveNoRecordOutsideOfThem() {
    Random random = new Random(611);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertThat(read(bytes))
          .allMatch(one -> one.length() >= 0 && one.at() + one.length() <= bytes.length);
    }
  }
}
