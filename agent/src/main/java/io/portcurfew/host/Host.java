package io.portcurfew.host;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Closeables;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The host as its sources show it: observes, compares and sweeps. */
public final class Host implements AutoCloseable {

  /**
   * The time limit of a source: longer than a native tool may take, and short enough for a person
   * who waits.
   */
  public static final Duration LIMIT = Duration.ofSeconds(8);

  private final HostText name;
  private final PortRange ephemeral;
  private final List<ListenerSource> first;
  private final List<ListenerSource> all;
  private final Sources sources;
  private final List<String> forced;
  private final SweepThread sweep;

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final SweepThread.LookTask<List<TimedView>> lookAtFirst;

  /**
   * A host without a sweep.
   *
   * @param ephemeral the ports that it gives to clients
   * @param first the sources of every scan
   * @param witnesses the sources that a cross-check compares them with
   */
  public Host(
      HostText name,
      PortRange ephemeral,
      List<ListenerSource> first,
      List<ListenerSource> witnesses) {
    this(
        name,
        ephemeral,
        first,
        witnesses,
        (seen, pause) -> SweepResult.NOTHING,
        Ticker.SYSTEM,
        Threads.SYSTEM,
        List.of());
  }

  /**
   * A host with a sweep.
   *
   * @param ephemeral the ports that it gives to clients
   * @param first the sources of every scan
   * @param witnesses the sources that a cross-check compares them with
   * @param sweep finds ports that no source shows
   * @param forced the libraries that answer in place of the kernel, in words: whatever the sources
   *     see, listeners may be missing
   */
  public Host(
      HostText name,
      PortRange ephemeral,
      List<ListenerSource> first,
      List<ListenerSource> witnesses,
      Sweep sweep,
      Ticker ticker,
      Threads threads,
      List<String> forced) {
    this.name = name;
    this.ephemeral = ephemeral;
    this.first = List.copyOf(first);
    this.all = Stream.concat(first.stream(), witnesses.stream()).toList();
    this.sources = new Sources(ticker, threads);
    this.sweep = new SweepThread(sweep, threads);
    this.lookAtFirst = () -> sources.look(this.first, LIMIT);
    this.forced = List.copyOf(forced);
  }

  /** The name that the host gives itself. */
  public HostText name() {
    return name;
  }

  /**
   * Observes with the first sources.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  public Snapshot look(Instant now) throws InterruptedException {
    return snapshot(now, sweep.between(lookAtFirst));
  }

  /**
   * Observes with all sources and compares them.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  public Snapshot lookWithAll(Instant now) throws InterruptedException {
    return snapshot(now, lookWithEach(LIMIT));
  }

  /**
   * Observes with all sources.
   *
   * @param limit how long to wait for a source
   * @return the view of each source
   * @throws InterruptedException when interrupted meanwhile
   */
  public List<TimedView> lookWithEach(Duration limit) throws InterruptedException {
    return sweep.between(() -> sources.look(all, limit));
  }

  /** Merges the views of sources. */
  public Snapshot snapshot(Instant now, List<TimedView> looks) {
    List<TimedView> trusted = forced.isEmpty() ? looks : looks.stream().map(this::doubted).toList();
    return Snapshot.of(name, now, trusted, ephemeral);
  }

  private TimedView doubted(TimedView look) {
    View view = look.view();
    String why = "a library in the agent may hide listeners: " + String.join(", ", forced);
    List<Gap> gaps =
        Stream.concat(
                view.gaps().stream(), Stream.of(new Gap(view.source(), Gap.What.LISTENERS, why)))
            .toList();
    return new TimedView(
        new View(view.source(), false, view.listeners(), gaps, view.sockets(), view.limits()),
        look.took());
  }

  /** The names of all sources. */
  public Set<String> sourceNames() {
    return all.stream().map(ListenerSource::name).collect(Collectors.toSet());
  }

  /** Every later snapshot has these facts about owners, as far as they can be found. */
  public void ask(Set<OwnerFact> facts) {
    source(LinuxSource.class).ifPresent(source -> source.ask(facts));
  }

  /** The source of this kind, if the host has one. */
  public <T extends ListenerSource> Optional<T> source(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /**
   * Finds ports that are taken although no source shows a listener. It takes seconds; {@link #look}
   * works meanwhile.
   *
   * @throws InterruptedException when interrupted or closed meanwhile
   */
  public SweepResult sweep(Snapshot seen) throws InterruptedException {
    return sweep.run(seen);
  }

  /** Interrupts everything that still runs and closes the sources. */
  @Override
  public void close() {
    sweep.close();
    sources.close();
    for (ListenerSource source : all) {
      if (source instanceof AutoCloseable held) {
        Closeables.quietly(held);
      }
    }
  }
}
