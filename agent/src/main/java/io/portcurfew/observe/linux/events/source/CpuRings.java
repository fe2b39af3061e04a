package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** One ring of a perf event on each CPU that is online. Used by one thread. */
final class CpuRings implements AutoCloseable {

  private static final String ONLINE = "sys/devices/system/cpu/online";

  /** The memory of all rings; a socket takes 104 bytes, a started program about 1 KiB. */
  private static final int MEMORY = 1024 * 1024;

  /** Two rings of a CPU stay below perf_event_mlock_kb, which is 516 by default. */
  private static final int LARGEST = 128 * 1024;

  private static final int SMALLEST = 16 * 1024;

  private final ProcFs files;
  private final RingOpener opener;
  private final Map<Integer, PerfRing> rings = new TreeMap<>();
  private final NativeBuffer counts = new NativeBuffer(PerfRing.COUNTS);

  private CpuRings(ProcFs files, RingOpener opener) {
    this.files = files;
    this.opener = opener;
  }

  /** Opens the event of a CPU. */
  interface RingOpener {
    /**
     * Opens it with a ring of so many bytes.
     *
     * @throws KernelException where the kernel refuses
     */
    PerfRing open(int cpu, int size) throws KernelException;
  }

  /**
   * Opens the event on every CPU that is online.
   *
   * @throws KernelException where the kernel or the rights of this process do not allow it
   */
  static CpuRings open(ProcFs files, RingOpener opener) throws KernelException {
    CpuRings opened = new CpuRings(files, opener);
    try {
      opened.openNewCpus();
      return opened;
    } catch (KernelException refused) {
      opened.close();
      throw refused;
    }
  }

  private void openNewCpus() throws KernelException {
    byte[] online = files.read(ONLINE);
    BitSet now =
        online == null ? new BitSet() : CpuList.of(new String(online, StandardCharsets.US_ASCII));
    if (now.isEmpty()) {
      throw new KernelException("reading /" + ONLINE, files.error());
    }
    int share = Integer.highestOneBit(MEMORY / now.cardinality());
    for (int cpu : now.stream().toArray()) {
      if (!rings.containsKey(cpu)) {
        rings.put(cpu, opener.open(cpu, Math.max(SMALLEST, Math.min(LARGEST, share))));
      }
    }
    rings.keySet().stream().filter(cpu -> !now.get(cpu)).toList().forEach(this::closeCpu);
  }

  private void closeCpu(int cpu) {
    PerfRing gone = rings.remove(cpu);
    if (gone != null) {
      gone.close();
    }
  }

  /** Adapts to CPUs that came or went; returns true if the rings are others now. */
  boolean adapt() {
    Map<Integer, PerfRing> before = Map.copyOf(rings);
    // The events of a CPU that went offline stay open and silent, also once it is back.
    before.forEach(
        (cpu, ring) -> {
          if (ring.hasStopped(counts)) {
            closeCpu(cpu);
          }
        });
    try {
      openNewCpus();
    } catch (KernelException refused) {
      // Tried again at the next call.
      return !rings.equals(before);
    }
    return !rings.equals(before);
  }

  Collection<PerfRing> all() {
    return rings.values();
  }

  int[] descriptors() {
    return rings.values().stream().mapToInt(PerfRing::fd).toArray();
  }

  @Override
  public void close() {
    rings.values().forEach(PerfRing::close);
    rings.clear();
  }
}
