package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The programs and namespaces of all processes over time, by perf's records of every CPU. Records
 * are read in the order of their times, over all CPUs: a process may execute its program on one and
 * map it on another. It takes CAP_PERFMON. Used by one thread.
 */
final class ProgramRings implements AutoCloseable {

  private final NativeBuffer attributes = new NativeBuffer(256);
  private final NativeBuffer counts = new NativeBuffer(PerfRing.COUNTS);
  private final ByteBuffer record =
      ByteBuffer.allocate(PerfRing.LONGEST).order(ByteOrder.nativeOrder());
  private final ProgramMemory memory = new ProgramMemory();
  private final ProgramRecords records = new ProgramRecords(memory);
  private final Map<PerfRing, Long> lost = new HashMap<>();
  private final CpuRings rings;
  private boolean hasLost;

  private ProgramRings() throws KernelException {
    rings = CpuRings.open(new ProcFs(Path.of("/")), this::ring);
  }

  /**
   * Opens the rings.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static ProgramRings open() throws KernelException {
    return new ProgramRings();
  }

  private PerfRing ring(int cpu, int size) throws KernelException {
    PerfAttributes.programs(attributes, size / 2);
    return PerfRing.open(attributes, cpu, size);
  }

  /**
   * Looks at what the kernel has written until now. Where it had no room for records, no facts are
   * certain until the next look: a process may have executed another program. Kernels before 6.0 do
   * not say so.
   */
  void look() {
    if (hasLost) {
      memory.forget();
    }
    hasLost = false;
    lookAgain();
  }

  /** Looks at what the kernel has written since the last look; what was lost then counts too. */
  void lookAgain() {
    for (PerfRing ring : rings.all()) {
      ring.look();
      if (ring.count(counts)) {
        long now = counts.bytes().getLong(PerfRing.LOST_AT);
        Long before = lost.put(ring, now);
        hasLost |= now > (before == null ? 0 : before);
      }
    }
  }

  /** The facts of a process at a time that is not before that of the last question. */
  ProcessFacts at(int pid, Duration time) {
    readUntil(time.toNanos());
    return hasLost ? ProcessFacts.NONE : memory.of(pid);
  }

  /**
   * True if a process may have executed another program since this time, or its number may mean
   * another process, as far as the {@linkplain #finish remaining} records say.
   */
  boolean mayHaveChanged(int pid, Duration time) {
    return hasLost || memory.of(pid).time() > time.toNanos();
  }

  /** True if records were lost since the last look, so that no facts are certain. */
  boolean hasLost() {
    return hasLost;
  }

  /** Reads the remaining records. */
  void finish() {
    readUntil(Long.MAX_VALUE - 1);
  }

  private void readUntil(long time) {
    PerfRing next = earliest();
    while (next != null && next.nextTime() <= time) {
      next.take(record, records::read);
      next = earliest();
    }
  }

  private @Nullable PerfRing earliest() {
    PerfRing first = null;
    long time = Long.MAX_VALUE;
    for (PerfRing ring : rings.all()) {
      if (ring.nextTime() < time) {
        first = ring;
        time = ring.nextTime();
      }
    }
    return first;
  }

  int[] descriptors() {
    return rings.descriptors();
  }

  /** Adapts to CPUs that came or went; returns true if the descriptors are others now. */
  boolean adapt() {
    boolean changed = rings.adapt();
    // Nobody counts the records of a CPU without an event.
    hasLost |= changed;
    lost.keySet().removeIf(PerfRing::isClosed);
    return changed;
  }

  @Override
  public void close() {
    rings.close();
  }
}
