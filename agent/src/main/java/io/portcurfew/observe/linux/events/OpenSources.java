package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The event sources that the settings ask for and the rights allow, the best of each protocol. What
 * a kernel lacks is found by trying, not by its version. Read by one thread.
 */
final class OpenSources implements AutoCloseable {

  /** No source. */
  static final OpenSources NONE = new OpenSources();

  private final List<EventSource> opened = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private List<EventSource> elsewhere = List.of();
  private @Nullable ProgramRings programs;

  private OpenSources() {}

  /** Opens a source. */
  interface Opener {
    /**
     * Opens it.
     *
     * @throws KernelException where the kernel or the rights of this process do not allow it
     */
    EventSource open() throws KernelException;
  }

  /**
   * A change and the process that made it.
   *
   * @param process {@link ProcessGlimpse#UNKNOWN} for an end
   */
  record Seen(EventSource source, SocketChange change, ProcessGlimpse process) {}

  /** A process as long as it runs one program. */
  private record RunProgram(int pid, ProcessFacts facts) {}

  /**
   * Opens the sources.
   *
   * @param before those used until now, whose knowledge of programs goes on here
   */
  static OpenSources of(EventSettings settings, OpenSources before) {
    OpenSources sources = new OpenSources();
    boolean tcp =
        settings.tcp()
            && !sources.open(PerfSource.NAME, PerfSource::open)
            && !sources.open(TracefsSource.NAME, TracefsSource::open);
    if (settings.udp()) {
      sources.open(BpfSource.NAME, BpfSource::open);
    }
    if (tcp || settings.udp()) {
      sources.open(DestroySource.NAME, () -> DestroySource.open(tcp, settings.udp()));
    }
    if (sources.opened.stream().anyMatch(source -> !source.announces().isEmpty())) {
      sources.programs = before.programs == null ? openPrograms() : before.programs;
      before.programs = null;
    }
    return sources;
  }

  /** These sources, which are open, without knowledge of programs. */
  static OpenSources of(EventSource... opened) {
    OpenSources sources = new OpenSources();
    sources.opened.addAll(List.of(opened));
    return sources;
  }

  /** Without it only the programs of processes that have ended are unknown. */
  private static @Nullable ProgramRings openPrograms() {
    try {
      return ProgramRings.open();
    } catch (KernelException refused) {
      return null;
    }
  }

  /** Opens every source, also those that are used only where a better one is not. */
  static OpenSources each() {
    OpenSources sources = new OpenSources();
    sources.open(PerfSource.NAME, PerfSource::open);
    sources.open(TracefsSource.NAME, TracefsSource::open);
    sources.open(BpfSource.NAME, BpfSource::open);
    sources.open(DestroySource.NAME, () -> DestroySource.open(false, true));
    return sources;
  }

  private boolean open(String name, Opener opener) {
    try {
      opened.add(opener.open());
      return true;
    } catch (KernelException no) {
      refused.put(name, String.valueOf(no.getMessage()));
      return false;
    }
  }

  List<EventSource> all() {
    return opened;
  }

  /** Reads these sources of other network namespaces too, which their owner closes. */
  void use(List<EventSource> others) {
    elsewhere = others;
  }

  /** True if a better source announces every listener of a protocol. */
  boolean announces(Protocol protocol) {
    return opened.stream().anyMatch(source -> source.announces().contains(protocol));
  }

  /** The events that a source lost, with those of the same name in other namespaces. */
  long lostOf(EventSource source) {
    return source.lost()
        + elsewhere.stream()
            .filter(other -> other.name().equals(source.name()))
            .mapToLong(EventSource::lost)
            .sum();
  }

  /** Why the other sources are not used, by name. */
  Map<String, String> refused() {
    return refused;
  }

  /** The descriptors that become readable when there is something to drain. */
  int[] descriptors() {
    int[] ofPrograms = programs == null ? new int[0] : programs.descriptors();
    return IntStream.concat(
            Stream.concat(opened.stream(), elsewhere.stream())
                .map(EventSource::descriptors)
                .flatMapToInt(IntStream::of),
            IntStream.of(ofPrograms))
        .toArray();
  }

  /** Adapts to CPUs that came or went; returns true if the descriptors are others now. */
  boolean adapt() {
    boolean changed = programs != null && programs.adapt();
    for (EventSource source : opened) {
      changed |= source.adapt();
    }
    return changed;
  }

  /**
   * Everything that the sources have, in the order of time. Those of ends are asked before those of
   * openings, so that no end comes before its opening; the programs last, so that all are there.
   */
  List<Seen> drain(ProcFs proc) {
    List<Seen> all = new ArrayList<>();
    List<EventSource> sources = new ArrayList<>(opened);
    sources.addAll(elsewhere);
    for (int i = sources.size() - 1; i >= 0; i--) {
      EventSource source = sources.get(i);
      source.drain(change -> all.add(new Seen(source, change, ProcessGlimpse.UNKNOWN)));
    }
    ProgramRings rings = programs;
    if (rings != null) {
      rings.look();
    }
    all.sort(Comparator.comparing(seen -> seen.change.at()));
    List<Seen> seen = all.isEmpty() ? all : withProcesses(all, rings, proc);
    if (rings != null) {
      rings.finish();
    }
    return seen;
  }

  private static List<Seen> withProcesses(
      List<Seen> changes, @Nullable ProgramRings rings, ProcFs proc) {
    List<Seen> seen = new ArrayList<>(changes.size());
    Map<RunProgram, ProcessGlimpse> glimpses = new HashMap<>();
    // Before the uptime is read: a pause between the two must not make a process seem too young.
    Duration now = Ticker.SYSTEM.elapsed();
    ProcessGlimpse.HostMarks marks = ProcessGlimpse.HostMarks.read(proc);
    for (Seen one : changes) {
      SocketChange change = one.change;
      if (change.opened()) {
        ProcessFacts facts =
            rings == null ? ProcessFacts.NONE : rings.at(change.pid(), change.at());
        ProcessGlimpse process =
            glimpses.computeIfAbsent(
                new RunProgram(change.pid(), facts),
                program -> glimpse(proc, change, program.facts, now, marks));
        seen.add(new Seen(one.source, change, process));
      } else {
        seen.add(one);
      }
    }
    return seen;
  }

  private static ProcessGlimpse glimpse(
      ProcFs proc,
      SocketChange change,
      ProcessFacts facts,
      Duration now,
      ProcessGlimpse.HostMarks marks) {
    Long uid = change.uid() == SocketChange.NO_USER ? null : change.uid();
    return ProcessGlimpse.of(proc, change.pid(), uid, facts, now.minus(change.at()), marks);
  }

  @Override
  public void close() {
    opened.forEach(EventSource::close);
    if (programs != null) {
      programs.close();
    }
  }
}
