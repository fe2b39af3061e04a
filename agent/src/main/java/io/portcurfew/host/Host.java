package io.portcurfew.host;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.Sources;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.process.Closeables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The host as its sources show it. */
public final class Host implements AutoCloseable {

  /** Longer than a native tool may take, shorter than what a person waits for. */
  public static final Duration LIMIT = Duration.ofSeconds(8);

  private final HostText name;
  private final PortRange ephemeral;
  private final List<ListenerSource> first;
  private final List<ListenerSource> all;
  private final Sources sources = new Sources();
  private final SweepThread sweep;

  /**
   * A host that is not swept.
   *
   * @param ephemeral the ports that it gives to clients
   * @param first what every scan asks
   * @param witnesses what the first ones are compared with
   */
  public Host(
      HostText name,
      PortRange ephemeral,
      List<ListenerSource> first,
      List<ListenerSource> witnesses) {
    this(name, ephemeral, first, witnesses, (seen, pause) -> SweepResult.NOTHING);
  }

  /** A host with a sweep that finds what no source shows. */
  public Host(
      HostText name,
      PortRange ephemeral,
      List<ListenerSource> first,
      List<ListenerSource> witnesses,
      Sweep sweep) {
    this.name = name;
    this.ephemeral = ephemeral;
    this.first = List.copyOf(first);
    this.all = Stream.concat(first.stream(), witnesses.stream()).toList();
    this.sweep = new SweepThread(sweep);
  }

  /** Its name, as it calls itself. */
  public HostText name() {
    return name;
  }

  /**
   * What the first sources see.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  public Snapshot look(Instant now) throws InterruptedException {
    return snapshot(now, sweep.between(() -> sources.look(first, LIMIT)));
  }

  /**
   * What all sources see, compared.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  public Snapshot lookWithAll(Instant now) throws InterruptedException {
    return snapshot(now, lookWithEach(LIMIT));
  }

  /**
   * What each source sees.
   *
   * @param limit how long to wait for a source
   * @throws InterruptedException when interrupted meanwhile
   */
  public List<TimedView> lookWithEach(Duration limit) throws InterruptedException {
    return sweep.between(() -> sources.look(all, limit));
  }

  /** Puts together what sources saw. */
  public Snapshot snapshot(Instant now, List<TimedView> looks) {
    return Snapshot.of(name, now, looks, ephemeral);
  }

  /** From its next look on, what can be found out of these is told of every owner. */
  public void ask(Set<OwnerFact> facts) {
    source(LinuxSource.class).ifPresent(source -> source.ask(facts));
  }

  /** The source of this kind, where the host has one. */
  public <T extends ListenerSource> Optional<T> source(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /**
   * The ports that are taken although no source showed why; nothing where no sweep is wanted. It
   * takes seconds, in which {@link #look} goes on.
   *
   * @throws InterruptedException when interrupted or closed meanwhile
   */
  public SweepResult sweep(Snapshot seen) throws InterruptedException {
    return sweep.run(seen);
  }

  /** Gives up what is outstanding and lets go of what the sources hold. */
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
