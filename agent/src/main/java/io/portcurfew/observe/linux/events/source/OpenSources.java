package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.kernel.KernelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The event sources that the settings ask for and the rights allow, the best of each protocol. What
 * a kernel lacks is found by trying, not by its version. Read by one thread.
 */
public final class OpenSources implements AutoCloseable {

  /** No source. */
  public static final OpenSources NONE = new OpenSources();

  private final List<EventSource> opened = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private List<EventSource> elsewhere = List.of();
  private @Nullable ProgramRings programs;

  private OpenSources() {}

  /** Opens a source. */
  interface SourceOpener {
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
  public record SeenChange(EventSource source, SocketChange change, ProcessGlimpse process) {}

  /**
   * Opens the sources.
   *
   * @param before those used until now, whose knowledge of programs goes on here
   */
  public static OpenSources of(EventSettings settings, OpenSources before) {
    OpenSources sources = new OpenSources();
    boolean tcp =
        settings.tcp()
            && !sources.open(EventSourceKind.PERF, PerfSource::open)
            && !sources.open(EventSourceKind.TRACEFS, TracefsSource::open);
    if (settings.udp()) {
      sources.open(EventSourceKind.BPF, BpfSource::open);
    }
    if (tcp || settings.udp()) {
      sources.open(EventSourceKind.DESTROY, () -> DestroySource.open(tcp, settings.udp()));
    }
    if (sources.opened.stream().anyMatch(source -> !source.announces().isEmpty())) {
      sources.programs = before.programs == null ? openPrograms() : before.programs;
      before.programs = null;
    }
    return sources;
  }

  /** These sources, which are open, without knowledge of programs. */
  public static OpenSources of(EventSource... opened) {
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
  public static OpenSources each() {
    OpenSources sources = new OpenSources();
    sources.open(EventSourceKind.PERF, PerfSource::open);
    sources.open(EventSourceKind.TRACEFS, TracefsSource::open);
    sources.open(EventSourceKind.BPF, BpfSource::open);
    sources.open(EventSourceKind.DESTROY, () -> DestroySource.open(false, true));
    return sources;
  }

  private boolean open(EventSourceKind kind, SourceOpener opener) {
    try {
      opened.add(opener.open());
      return true;
    } catch (KernelException no) {
      refused.put(kind.label(), String.valueOf(no.getMessage()));
      return false;
    }
  }

  public List<EventSource> all() {
    return opened;
  }

  /** Reads these sources of other network namespaces too, which their owner closes. */
  public void use(List<EventSource> others) {
    elsewhere = others;
  }

  /** The events that each source lost since it was opened, by name, in all namespaces. */
  public Map<String, Long> lost() {
    Map<String, Long> lost = new LinkedHashMap<>();
    opened.forEach(source -> lost.put(source.name(), source.lost()));
    elsewhere.forEach(
        source -> lost.computeIfPresent(source.name(), (name, sum) -> sum + source.lost()));
    return lost;
  }

  /** The source that announces every listener of a protocol; {@code null} if none does. */
  public @Nullable String announcer(Protocol protocol) {
    return opened.stream()
        .filter(source -> source.announces().contains(protocol))
        .map(EventSource::name)
        .findFirst()
        .orElse(null);
  }

  /** The protocols of which a source announces every listener. */
  public Set<Protocol> announced() {
    return opened.stream()
        .flatMap(source -> source.announces().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The reasons why the other sources are not used, by name. */
  public Map<String, String> refused() {
    return refused;
  }

  /** The descriptors that become readable when there is something to drain. */
  public int[] descriptors() {
    int[] ofPrograms = programs == null ? new int[0] : programs.descriptors();
    return IntStream.concat(
            Stream.concat(opened.stream(), elsewhere.stream())
                .map(EventSource::descriptors)
                .flatMapToInt(IntStream::of),
            IntStream.of(ofPrograms))
        .toArray();
  }

  /** Adapts to CPUs that came or went; returns true if the descriptors are others now. */
  public boolean adapt() {
    boolean changed = programs != null && programs.adapt();
    for (EventSource source : opened) {
      changed |= source.adapt();
    }
    for (EventSource source : elsewhere) {
      changed |= source.adapt();
    }
    return changed;
  }

  /**
   * Everything that the sources have, in the order of time. Those of ends are asked before those of
   * openings, so that no end comes before its opening; the programs last, so that all are there.
   * Waits for nothing.
   */
  public DrainedChanges drain() {
    List<SeenChange> all = new ArrayList<>();
    List<EventSource> sources = new ArrayList<>(opened);
    sources.addAll(elsewhere);
    for (int i = sources.size() - 1; i >= 0; i--) {
      EventSource source = sources.get(i);
      source.drain(change -> all.add(new SeenChange(source, change, ProcessGlimpse.UNKNOWN)));
    }
    ProgramRings rings = programs;
    if (rings != null) {
      rings.look();
    }
    all.sort(Comparator.comparing(seen -> seen.change().at()));
    return new DrainedChanges(all, rings);
  }

  @Override
  public void close() {
    opened.forEach(EventSource::close);
    if (programs != null) {
      programs.close();
    }
  }
}
