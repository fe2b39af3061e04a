package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.process.Ticker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TCP listeners that open and close, from an instance of the tracing system that root has made, for
 * hosts where the agent may not have CAP_PERFMON. It takes CAP_DAC_READ_SEARCH. The instance stays
 * as root made it.
 */
final class TracefsSource implements EventSource {

  private static final String INSTANCE = "sys/kernel/tracing/instances/portcurfew";
  private static final String EVENT = "/events/sock/inet_sock_set_state";
  private static final String POSSIBLE = "sys/devices/system/cpu/possible";

  /** The largest page of the buffer: that of the memory of some arm64 kernels. */
  private static final int PAGE = 64 * 1024;

  /** The most pages in one reading; a flood leaves the rest for the next one. */
  private static final int MOST_PAGES = 64;

  /** Of each record: type u16, flags u8, preemption u8, thread i32. */
  private static final int THREAD_AT = 4;

  private static final Duration COUNTED = Duration.ofSeconds(1);

  /** The lines of per_cpu/cpuN/stats that count what nobody could read. */
  private static final Pattern LOST =
      Pattern.compile("(?m)^(?:overrun|commit overrun|dropped events): (\\d{1,18})$");

  private final ProcFs files;
  private final String instance;
  private final boolean knowsProcesses;
  private final TracepointFormat format;
  private final StateChangeReader reader;
  private final NativeBuffer page = new NativeBuffer(PAGE);
  private final List<Cpu> cpus = new ArrayList<>();
  private final Duration opened;
  private final long lostBefore;
  private long lost;
  private Duration counted;

  /** The buffer of a CPU. */
  private record Cpu(int fd, String stats) {}

  private TracefsSource(ProcFs files, String instance) throws KernelException {
    this.files = files;
    this.instance = instance;
    this.format = TracepointFormat.read(files, instance + EVENT + "/format");
    this.reader = new StateChangeReader(format);
    this.knowsProcesses = Boolean.TRUE.equals(files.isOfFirstPidNamespace());
    requireSetting("/trace_clock", "[mono]");
    // Before Linux 5.0 there is no such file, and each record wakes the reader.
    if (files.read(instance + "/buffer_percent") != null || files.error() != Errno.ENOENT) {
      requireSetting("/buffer_percent", "0");
    }
    requireSetting(EVENT + "/enable", "1");
    requireSetting(EVENT + "/filter", StateChangeReader.filter());
    openCpus();
    this.opened = Ticker.SYSTEM.elapsed();
    this.counted = opened;
    this.lostBefore = countLost();
  }

  /**
   * Opens the buffers of the instance {@code portcurfew}.
   *
   * @throws KernelException where there is none, it has other settings, the rights do not allow it,
   *     or no record could name a process
   */
  static TracefsSource open() throws KernelException {
    if (!Boolean.TRUE.equals(new ProcFs(Path.of("/")).isOfFirstPidNamespace())) {
      throw new KernelException(
          "the agent is in a pid namespace of its own, and records have the numbers of the first"
              + " one");
    }
    return open(INSTANCE);
  }

  /**
   * Opens the buffers of an instance of this host.
   *
   * @param instance its folder, relative to the root of the host
   * @throws KernelException where there is none, it has other settings, or the rights do not allow
   *     it
   */
  static TracefsSource open(String instance) throws KernelException {
    return open(new ProcFs(Path.of("/")), instance);
  }

  /**
   * Opens the buffers of an instance of the host that these files describe.
   *
   * @throws KernelException as {@link #open(String)}
   */
  static TracefsSource open(ProcFs files, String instance) throws KernelException {
    return new TracefsSource(files, instance);
  }

  /** The whole text, or a word of it: the clock in use is the one in brackets. */
  private void requireSetting(String file, String expected) throws KernelException {
    String found = text(instance + file).strip();
    if (!found.equals(expected) && !List.of(found.split(" ", -1)).contains(expected)) {
      throw new KernelException("/" + instance + file + " is " + found + "; expected " + expected);
    }
  }

  private String text(String file) throws KernelException {
    byte[] text = files.read(file);
    if (text == null) {
      throw new KernelException("reading /" + file, files.error());
    }
    return new String(text, StandardCharsets.US_ASCII);
  }

  private void openCpus() throws KernelException {
    for (int cpu : CpuList.of(text(POSSIBLE)).stream().toArray()) {
      String folder = instance + "/per_cpu/cpu" + cpu;
      int fd = files.open(folder + "/trace_pipe_raw", Libc.O_RDONLY | Libc.O_NONBLOCK);
      if (fd >= 0) {
        cpus.add(new Cpu(fd, folder + "/stats"));
      } else if (files.error() != Errno.ENOENT) {
        int errno = files.error();
        close();
        throw new KernelException("opening /" + folder + "/trace_pipe_raw", errno);
      }
    }
    if (cpus.isEmpty()) {
      throw new KernelException("/" + instance + " has no CPU");
    }
  }

  @Override
  public EventSourceKind kind() {
    return EventSourceKind.TRACEFS;
  }

  @Override
  public int[] descriptors() {
    return cpus.stream().mapToInt(Cpu::fd).toArray();
  }

  @Override
  public void drain(Consumer<SocketChange> sink) {
    for (Cpu cpu : cpus) {
      long length = read(cpu);
      for (int left = MOST_PAGES; length > 0 && left > 0; left--) {
        TracePage.read(
            page.bytes(), (int) length, (at, size, nanos) -> change(at, size, nanos, sink));
        length = left > 1 ? read(cpu) : 0;
      }
    }
    if (Ticker.SYSTEM.since(counted).compareTo(COUNTED) >= 0) {
      counted = Ticker.SYSTEM.elapsed();
      lost = Math.max(lost, countLost() - lostBefore);
    }
  }

  private long read(Cpu cpu) {
    long length = Libc.read(cpu.fd, page.address(), PAGE);
    return length < 0 && Native.getLastError() == Errno.EINTR ? read(cpu) : length;
  }

  /** Takes a record, unless it is older than this source. */
  private void change(int at, int size, long nanos, Consumer<SocketChange> sink) {
    Duration time = Duration.ofNanos(nanos);
    boolean isOurs = size >= format.size() && (page.bytes().getShort(at) & 0xFFFF) == format.id();
    if (isOurs && time.compareTo(opened) >= 0) {
      int pid = knowsProcesses ? processOf(page.bytes().getInt(at + THREAD_AT), time) : 0;
      SocketChange change = reader.read(page.bytes(), at, pid, time);
      if (change != null) {
        sink.accept(change);
      }
    }
  }

  /** The process of a thread; the number of the thread if it has ended. */
  private int processOf(int thread, Duration time) {
    byte[] status = files.read("proc/" + thread + "/status");
    Integer process = status == null ? null : ProcText.threadGroup(status);
    if (process == null || process == thread || files.isExecuting(thread)) {
      return thread;
    }
    // Read last: a thread that runs already then is the one whose process was read.
    Duration now = Ticker.SYSTEM.elapsed();
    byte[] stat = files.read("proc/" + thread + "/stat");
    ProcText.Stat of = stat == null ? null : ProcText.stat(stat);
    long uptime = ProcessGlimpse.HostMarks.read(files).uptimeTicks();
    return of == null || ProcessGlimpse.isLater(of.startTicks(), uptime, now.minus(time))
        ? thread
        : process;
  }

  private long countLost() {
    long sum = 0;
    for (Cpu cpu : cpus) {
      byte[] stats = files.read(cpu.stats);
      Matcher lines =
          LOST.matcher(stats == null ? "" : new String(stats, StandardCharsets.US_ASCII));
      while (lines.find()) {
        sum += Long.parseLong(lines.group(1));
      }
    }
    return sum;
  }

  @Override
  public long lost() {
    return lost;
  }

  /** Counts are read once a second at most, also after the last record. */
  @Override
  public boolean adapt() {
    lost = Math.max(lost, countLost() - lostBefore);
    return false;
  }

  @Override
  public String limit() {
    return "without the programs of processes that have ended";
  }

  @Override
  public void close() {
    cpus.forEach(cpu -> files.close(cpu.fd));
    cpus.clear();
  }
}
