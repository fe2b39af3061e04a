package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;

/** Writes {@code struct perf_event_attr} of linux/perf_event.h; pure. */
final class PerfAttributes {

  /** PERF_ATTR_SIZE_VER5, Linux 4.14 (its later fields stay 0). */
  static final int SIZE = 112;

  /** PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW. */
  static final long SAMPLE = 1 << 1 | 1 << 2 | 1 << 10;

  /** PERF_FORMAT_TOTAL_TIME_ENABLED: read(2) returns how long the event was enabled too. */
  private static final long FORMAT_ENABLED = 1;

  /** PERF_FORMAT_LOST: read(2) returns the lost records too; since Linux 6.0. */
  private static final long FORMAT_LOST = 1 << 4;

  /** PERF_SAMPLE_TID | PERF_SAMPLE_TIME, at the end of each record that is no sample. */
  private static final long RECORD_ID = 1 << 1 | 1 << 2;

  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final int PERF_TYPE_TRACEPOINT = 2;

  /** An event that never fires by itself: it carries the records of other changes. */
  private static final int PERF_COUNT_SW_DUMMY = 9;

  private static final int CLOCK_MONOTONIC = 1;

  // The bits of the flags, which start at byte 40.
  private static final long MMAP = 1L << 8;
  private static final long COMM = 1L << 9;
  private static final long TASK = 1L << 13;
  private static final long WATERMARK = 1L << 14;
  private static final long SAMPLE_ID_ALL = 1L << 18;
  private static final long MMAP2 = 1L << 23;
  private static final long COMM_EXEC = 1L << 24;
  private static final long USE_CLOCKID = 1L << 25;
  private static final long NAMESPACES = 1L << 28;

  private PerfAttributes() {}

  /** A tracepoint whose records each wake the reader. */
  static void tracepoint(NativeBuffer into, int id) {
    begin(into, PERF_TYPE_TRACEPOINT, id);
    ByteBuffer bytes = into.bytes();
    bytes.putLong(16, 1);
    bytes.putLong(24, SAMPLE);
    bytes.putLong(32, FORMAT_ENABLED | FORMAT_LOST);
    bytes.putLong(40, USE_CLOCKID);
    bytes.putInt(48, 1);
    bytes.putInt(92, CLOCK_MONOTONIC);
  }

  /**
   * The programs that processes run and their namespaces: records of execve(2), fork(2), exit(2),
   * unshare(2), setns(2) and of mapped files.
   *
   * @param watermark the number of unread bytes that wakes the reader
   */
  static void programs(NativeBuffer into, int watermark) {
    begin(into, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY);
    ByteBuffer bytes = into.bytes();
    bytes.putLong(24, RECORD_ID);
    bytes.putLong(32, FORMAT_ENABLED | FORMAT_LOST);
    long processes = SAMPLE_ID_ALL | MMAP | MMAP2 | COMM | COMM_EXEC | TASK | NAMESPACES;
    bytes.putLong(40, processes | WATERMARK | USE_CLOCKID);
    bytes.putInt(48, watermark);
    bytes.putInt(92, CLOCK_MONOTONIC);
  }

  /** True if the number of lost records is asked for. */
  static boolean countsLost(NativeBuffer attributes) {
    return (attributes.bytes().getLong(32) & FORMAT_LOST) != 0;
  }

  /** For a kernel that cannot count them. */
  static void countNothingLost(NativeBuffer attributes) {
    attributes.bytes().putLong(32, FORMAT_ENABLED);
  }

  private static void begin(NativeBuffer into, int type, int config) {
    into.clear(SIZE);
    into.bytes().putInt(0, type);
    into.bytes().putInt(4, SIZE);
    into.bytes().putLong(8, config);
  }
}
