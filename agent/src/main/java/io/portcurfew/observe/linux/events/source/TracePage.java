package io.portcurfew.observe.linux.events.source;

import java.nio.ByteBuffer;

/**
 * Reads pages of the ring buffer of the tracing system, as {@code trace_pipe_raw} gives them
 * (events/header_page and events/header_event of tracefs; include/linux/ring_buffer.h); pure.
 */
final class TracePage {

  // Of a page: u64 time, u64 length of the data with flags above, the data.
  private static final int COMMIT_AT = 8;
  private static final int DATA_AT = 16;
  private static final long LENGTH = (1L << 20) - 1;

  // The types that are no length: enum ring_buffer_type.
  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int TIME_STAMP = 31;

  private static final int DELTA_BITS = 27;

  /** An absolute time has 59 bits; the others are those of the time of the page. */
  private static final long STAMP_MASK = (1L << 59) - 1;

  private TracePage() {}

  /** Takes one record. */
  interface TraceRecordSink {
    /**
     * Takes it.
     *
     * @param at where its data starts
     * @param nanos on the clock of the buffer
     */
    void record(int at, int length, long nanos);
  }

  /**
   * Reads all records of a page.
   *
   * @param length of what was read
   */
  static void read(ByteBuffer page, int length, TraceRecordSink sink) {
    if (length < DATA_AT) {
      return;
    }
    long time = page.getLong(0);
    int end = (int) Math.min(length, DATA_AT + (page.getLong(COMMIT_AT) & LENGTH));
    int at = DATA_AT;
    while (at + 4 <= end) {
      int header = page.getInt(at);
      int type = header & 31;
      long delta = (header & 0xFFFFFFFFL) >>> 5;
      boolean hasArray = type == 0 || type >= PADDING;
      long array = hasArray && at + 8 <= end ? page.getInt(at + 4) & 0xFFFFFFFFL : 0;
      if (hasArray && (at + 8 > end || (type == PADDING && delta == 0))) {
        return;
      }
      if (type == TIME_STAMP) {
        time = (time & ~STAMP_MASK) | ((array << DELTA_BITS) + delta);
      } else {
        time += type == TIME_EXTEND ? (array << DELTA_BITS) + delta : delta;
      }
      int size = sizeOf(type, array);
      if (size < 4 || at + size > end) {
        return;
      }
      if (type < PADDING) {
        int data = type == 0 ? at + 8 : at + 4;
        sink.record(data, at + size - data, time);
      }
      at += size;
    }
  }

  /** With its header; a type below the others is a length in words of four bytes. */
  private static int sizeOf(int type, long array) {
    return switch (type) {
      case TIME_EXTEND, TIME_STAMP -> 8;
      case 0, PADDING -> (int) Math.min(array, LENGTH) + 4;
      default -> 4 + 4 * type;
    };
  }
}
