package io.portcurfew.observe.linux.events;

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
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * TCP listeners that open and close, by the tracepoint {@code sock:inet_sock_set_state} on every
 * CPU, filtered in the kernel: a connection that is only accepted costs no record and no wake-up.
 * It takes CAP_PERFMON, and CAP_DAC_READ_SEARCH to read the format of the tracepoint.
 */
final class PerfSource implements EventSource {

  static final String NAME = "perf";

  private static final String FORMAT = "sys/kernel/tracing/events/sock/inet_sock_set_state/format";
  private static final String OLD_FORMAT =
      "sys/kernel/debug/tracing/events/sock/inet_sock_set_state/format";
  private static final String ONLINE = "sys/devices/system/cpu/online";

  /** The memory of all rings of a kind; a record takes 104 bytes, a started program about 1 KiB. */
  private static final int RINGS = 1024 * 1024;

  /** The two rings of a CPU stay below perf_event_mlock_kb, which is 516 by default. */
  private static final int LARGEST_RING = 128 * 1024;

  private static final int SMALLEST_RING = 16 * 1024;

  /** _IOW('$', 6, char *) of linux/perf_event.h. */
  private static final long PERF_EVENT_IOC_SET_FILTER = 0x40082406;

  private static final int PERF_RECORD_SAMPLE = 9;

  /** Longer than the kernel needs between counting a change and writing its record. */
  private static final Duration TIME_TO_WRITE = Duration.ofMillis(500);

  // A sample: pid u32, tid u32, time u64, size of the raw data u32, the raw data.
  private static final int PID_AT = PerfRing.HEADER;
  private static final int TIME_AT = PID_AT + 8;
  private static final int RAW_AT = TIME_AT + 12;

  private final ProcFs files;
  private final TracepointFormat format;
  private final StateChangeReader reader;
  private final ProgramMemory programs = new ProgramMemory();
  private final ProgramRecords programRecords = new ProgramRecords(programs);
  private final NativeBuffer attributes = new NativeBuffer(256);
  private final NativeBuffer counts = new NativeBuffer(16);
  private final ByteBuffer record =
      ByteBuffer.allocate(PerfRing.LONGEST).order(ByteOrder.nativeOrder());
  private final Map<Integer, Cpu> cpus = new TreeMap<>();
  private boolean countsLost = true;
  private boolean factsAreCertain = true;
  private int ringSize = LARGEST_RING;
  private long lostOnClosed;

  /** The two rings of a CPU and what was read from them. */
  private static final class Cpu {
    private final PerfRing sockets;
    private final @Nullable PerfRing programs;
    private final boolean countsLost;
    private long received;
    private long lost;
    private long lostPrograms;
    private long expected;
    private Duration expectedSince = Duration.ZERO;

    Cpu(PerfRing sockets, @Nullable PerfRing programs, boolean countsLost) {
      this.sockets = sockets;
      this.programs = programs;
      this.countsLost = countsLost;
    }

    long nextTime() {
      long ofPrograms = programs == null ? Long.MAX_VALUE : programs.nextTime();
      return Math.min(sockets.nextTime(), ofPrograms);
    }

    void close() {
      sockets.close();
      if (programs != null) {
        programs.close();
      }
    }
  }

  private PerfSource(ProcFs files, TracepointFormat format) {
    this.files = files;
    this.format = format;
    this.reader = new StateChangeReader(format);
  }

  /**
   * Opens the events on every CPU that is online.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static PerfSource open() throws KernelException {
    ProcFs files = new ProcFs(Path.of("/"));
    PerfSource opened = new PerfSource(files, TracepointFormat.of(format(files)));
    try {
      opened.openNewCpus();
      return opened;
    } catch (KernelException refused) {
      opened.close();
      throw refused;
    }
  }

  private static String format(ProcFs files) throws KernelException {
    byte[] text = files.read(FORMAT);
    int errno = files.error();
    text = text != null ? text : files.read(OLD_FORMAT);
    if (text == null) {
      throw new KernelException("reading /" + FORMAT, errno);
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private void openNewCpus() throws KernelException {
    byte[] online = files.read(ONLINE);
    BitSet now =
        online == null ? new BitSet() : CpuList.of(new String(online, StandardCharsets.US_ASCII));
    if (now.isEmpty()) {
      throw new KernelException("reading /" + ONLINE, files.error());
    }
    int share = Integer.highestOneBit(RINGS / now.cardinality());
    ringSize = Math.max(SMALLEST_RING, Math.min(LARGEST_RING, share));
    for (int cpu : now.stream().toArray()) {
      if (!cpus.containsKey(cpu)) {
        cpus.put(cpu, openCpu(cpu));
      }
    }
    // The events of a CPU that went offline stay open and silent; it would come back without them.
    cpus.keySet().stream().filter(cpu -> !now.get(cpu)).toList().forEach(this::closeCpu);
  }

  private Cpu openCpu(int cpu) throws KernelException {
    PerfRing sockets = openSockets(cpu);
    try {
      filter(sockets);
      return new Cpu(sockets, openPrograms(cpu), countsLost);
    } catch (KernelException refused) {
      sockets.close();
      throw refused;
    }
  }

  private PerfRing openSockets(int cpu) throws KernelException {
    PerfAttributes.tracepoint(attributes, format.id(), countsLost);
    try {
      return PerfRing.open(attributes, cpu, ringSize, TIME_AT);
    } catch (KernelException refused) {
      if (refused.errno() != Errno.EINVAL || !countsLost) {
        throw refused;
      }
      countsLost = false;
      return openSockets(cpu);
    }
  }

  private void filter(PerfRing sockets) throws KernelException {
    long text = attributes.text(StateChangeReader.filter());
    if (Libc.ioctl(sockets.fd(), PERF_EVENT_IOC_SET_FILTER, text) < 0) {
      throw new KernelException("filtering the tracepoint", Native.getLastError());
    }
  }

  /** Without it only the programs of processes that have ended are unknown. */
  private @Nullable PerfRing openPrograms(int cpu) {
    PerfAttributes.programs(attributes, ringSize / 2, countsLost);
    try {
      return PerfRing.open(attributes, cpu, ringSize, 0);
    } catch (KernelException refused) {
      return null;
    }
  }

  private void closeCpu(int cpu) {
    Cpu gone = cpus.remove(cpu);
    if (gone != null) {
      lostOnClosed += gone.lost;
      gone.close();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int[] descriptors() {
    return cpus.values().stream()
        .flatMapToInt(
            cpu ->
                cpu.programs == null
                    ? IntStream.of(cpu.sockets.fd())
                    : IntStream.of(cpu.sockets.fd(), cpu.programs.fd()))
        .toArray();
  }

  /**
   * All records in the order of their times, over the rings of all CPUs: a process may execute its
   * program on one CPU, map it on another one, and execute another one after it listened.
   */
  @Override
  public void drain(Sink sink) {
    for (Cpu cpu : cpus.values()) {
      count(cpu);
      cpu.sockets.look();
    }
    // After the sockets, so that the programs of all of them are there.
    boolean gap = false;
    for (Cpu cpu : cpus.values()) {
      if (cpu.programs != null) {
        cpu.programs.look();
        gap |= hasLostPrograms(cpu, cpu.programs);
      }
    }
    factsAreCertain = !gap;
    Cpu next = earliest();
    while (next != null) {
      take(next, sink);
      next = earliest();
    }
    if (gap) {
      programs.forget();
    }
  }

  /**
   * A process may have executed another program in a record that is lost. Kernels before 6.0 do not
   * say so.
   */
  private boolean hasLostPrograms(Cpu cpu, PerfRing ofPrograms) {
    if (!cpu.countsLost || Libc.read(ofPrograms.fd(), counts.address(), 16) != 16) {
      return false;
    }
    long before = cpu.lostPrograms;
    cpu.lostPrograms = counts.bytes().getLong(8);
    return cpu.lostPrograms > before;
  }

  private @Nullable Cpu earliest() {
    Cpu first = null;
    long time = Long.MAX_VALUE;
    for (Cpu cpu : cpus.values()) {
      if (cpu.nextTime() < time) {
        first = cpu;
        time = cpu.nextTime();
      }
    }
    return first;
  }

  private void take(Cpu cpu, Sink sink) {
    PerfRing ofPrograms = cpu.programs;
    if (ofPrograms != null && ofPrograms.nextTime() <= cpu.sockets.nextTime()) {
      ofPrograms.take(record, programRecords::read);
    } else {
      cpu.sockets.take(
          record, (bytes, type, misc, length) -> change(cpu, bytes, type, length, sink));
    }
  }

  private void change(Cpu cpu, ByteBuffer bytes, int type, int length, Sink sink) {
    if (type != PERF_RECORD_SAMPLE) {
      return;
    }
    cpu.received++;
    if (length >= RAW_AT + format.size()) {
      Duration time = Duration.ofNanos(bytes.getLong(TIME_AT));
      SocketChange change = reader.read(bytes, RAW_AT, bytes.getInt(PID_AT), time);
      if (change != null) {
        sink.take(change, factsAreCertain ? programs.of(change.pid()) : ProcessFacts.NONE);
      }
    }
  }

  /**
   * Checks received + lost = counted. A change is counted a moment before it is written, so only
   * numbers that are some time old are compared.
   */
  private void count(Cpu cpu) {
    int size = cpu.countsLost ? 16 : 8;
    if (Libc.read(cpu.sockets.fd(), counts.address(), size) != size) {
      return;
    }
    long counted = counts.bytes().getLong(0);
    cpu.lost = Math.max(cpu.lost, cpu.countsLost ? counts.bytes().getLong(8) : 0);
    Duration now = Ticker.SYSTEM.elapsed();
    if (now.minus(cpu.expectedSince).compareTo(TIME_TO_WRITE) >= 0) {
      cpu.lost += Math.max(0, cpu.expected - cpu.lost - cpu.received);
      cpu.expected = counted;
      cpu.expectedSince = now;
    }
  }

  @Override
  public long lost() {
    return lostOnClosed + cpus.values().stream().mapToLong(cpu -> cpu.lost).sum();
  }

  @Override
  public boolean adapt() {
    BitSet before = known();
    try {
      openNewCpus();
    } catch (KernelException refused) {
      // Tried again at the next call.
      return !known().equals(before);
    }
    return !known().equals(before);
  }

  private BitSet known() {
    BitSet known = new BitSet();
    cpus.keySet().forEach(known::set);
    return known;
  }

  @Override
  public void close() {
    cpus.values().forEach(Cpu::close);
    cpus.clear();
  }
}
