package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * TCP listeners that open and close, by the tracepoint {@code sock:inet_sock_set_state} on every
 * CPU, filtered in the kernel: a connection that is only accepted costs no record and no wake-up.
 * It takes CAP_PERFMON, and CAP_DAC_READ_SEARCH to read the format of the tracepoint.
 */
final class PerfSource implements EventSource {

  /** _IOW('$', 6, char *) of linux/perf_event.h. */
  private static final long PERF_EVENT_IOC_SET_FILTER = 0x40082406;

  private static final int PERF_RECORD_SAMPLE = 9;

  /** The age of counts that are compared: the kernel writes a record later than it counts it. */
  private static final Duration TIME_TO_WRITE = Duration.ofMillis(500);

  // A sample: pid u32, tid u32, time u64, size of the raw data u32, the raw data.
  private static final int PID_AT = PerfRing.HEADER;
  private static final int TIME_AT = PID_AT + 8;
  private static final int RAW_AT = TIME_AT + 12;

  private final TracepointFormat format;
  private final StateChangeReader reader;
  private final NativeBuffer attributes = new NativeBuffer(256);
  private final NativeBuffer counts = new NativeBuffer(PerfRing.COUNTS);
  private final ByteBuffer record =
      ByteBuffer.allocate(PerfRing.LONGEST).order(ByteOrder.nativeOrder());
  private final Map<PerfRing, Count> read = new HashMap<>();
  private final CpuRings rings;
  private long lostOnClosed;

  /** The number of records that were read from a ring, and that it lost. */
  private static final class Count {
    private long received;
    private long lost;
    private long expected;
    private Duration expectedSince = Duration.ZERO;
  }

  private final boolean knowsAllProcesses;
  private final boolean knowsProcesses;

  private PerfSource(ProcFs files, TracepointFormat format) throws KernelException {
    this.knowsAllProcesses = Boolean.TRUE.equals(files.isOfFirstPidNamespace());
    this.knowsProcesses = files.isOfOwnPidNamespace();
    this.format = format;
    this.reader = new StateChangeReader(format);
    this.rings = CpuRings.open(files, this::ring);
  }

  /**
   * Opens the events on every CPU that is online.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static PerfSource open() throws KernelException {
    return open(new ProcFs(Path.of("/")));
  }

  /**
   * Opens the events of the host that these files describe.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static PerfSource open(ProcFs files) throws KernelException {
    TracepointFormat format = TracepointFormat.read(files);
    try {
      return new PerfSource(files, format);
    } catch (KernelException refused) {
      throw refused.errno() == Errno.EACCES ? withParanoia(files, refused) : refused;
    }
  }

  /**
   * Names the setting that some kernels know above 2, the highest of kernel.org: those of Debian (3
   * by default) and Ubuntu (4) then ask for CAP_SYS_ADMIN.
   */
  private static KernelException withParanoia(ProcFs files, KernelException refused) {
    byte[] text = files.read("proc/sys/kernel/perf_event_paranoid");
    String level = text == null ? "" : new String(text, StandardCharsets.US_ASCII).strip();
    return level.matches("[3-9]")
        ? new KernelException(refused.getMessage() + "; kernel.perf_event_paranoid is " + level)
        : refused;
  }

  private PerfRing ring(int cpu, int size) throws KernelException {
    PerfAttributes.tracepoint(attributes, format.id());
    PerfRing ring = PerfRing.open(attributes, cpu, size);
    long text = attributes.text(StateChangeReader.filter());
    if (Libc.ioctl(ring.fd(), PERF_EVENT_IOC_SET_FILTER, text) < 0) {
      int errno = Native.getLastError();
      ring.close();
      throw new KernelException("filtering the tracepoint", errno);
    }
    return ring;
  }

  @Override
  public EventSourceKind kind() {
    return EventSourceKind.PERF;
  }

  @Override
  public int[] descriptors() {
    return rings.descriptors();
  }

  @Override
  public void drain(Consumer<SocketChange> sink) {
    for (PerfRing ring : rings.all()) {
      Count count = read.computeIfAbsent(ring, one -> new Count());
      count(ring, count);
      ring.look();
      while (ring.hasNext()) {
        ring.take(
            record,
            (bytes, type, misc, length) -> {
              if (type == PERF_RECORD_SAMPLE) {
                count.received++;
                change(bytes, length, sink);
              }
            });
      }
    }
  }

  private void change(ByteBuffer bytes, int length, Consumer<SocketChange> sink) {
    if (length >= RAW_AT + format.size()) {
      Duration time = Duration.ofNanos(bytes.getLong(TIME_AT));
      // The kernel gives the numbers of our own pid namespace; /proc may have those of another.
      int pid = knowsProcesses ? bytes.getInt(PID_AT) : 0;
      SocketChange change = reader.read(bytes, RAW_AT, pid, time);
      if (change != null) {
        sink.accept(change);
      }
    }
  }

  /**
   * Checks received + lost = counted. A change is counted a moment before it is written, so only
   * numbers that are some time old are compared.
   */
  private void count(PerfRing ring, Count count) {
    if (!ring.count(counts)) {
      return;
    }
    long counted = counts.bytes().getLong(PerfRing.COUNTED_AT);
    count.lost = Math.max(count.lost, counts.bytes().getLong(PerfRing.LOST_AT));
    Duration now = Ticker.SYSTEM.elapsed();
    if (now.minus(count.expectedSince).compareTo(TIME_TO_WRITE) >= 0) {
      count.lost += Math.max(0, count.expected - count.lost - count.received);
      count.expected = counted;
      count.expectedSince = now;
    }
  }

  @Override
  public long lost() {
    return lostOnClosed + read.values().stream().mapToLong(count -> count.lost).sum();
  }

  @Override
  public boolean adapt() {
    boolean changed = rings.adapt();
    for (PerfRing gone : read.keySet().stream().filter(PerfRing::isClosed).toList()) {
      Count last = read.remove(gone);
      lostOnClosed += last == null ? 0 : last.lost;
    }
    // A CPU was without an event for a moment, and nobody counted then.
    lostOnClosed += changed ? 1 : 0;
    return changed;
  }

  @Override
  public String limit() {
    return knowsAllProcesses
        ? ""
        : "listeners of processes outside the agent's pid namespace are left to the scans";
  }

  @Override
  public void close() {
    rings.close();
  }
}
